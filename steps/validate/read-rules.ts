import { Ajv, type ErrorObject } from 'ajv';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { closest, listed, type Json } from '../../dsl/util/index.ts';
import { CHECK_NAMES, DOCUMENT_SCHEMA, mismatchesOf, ruleSchema, type CheckName, type RulesDocument } from '../../model/quality/index.ts';

type Path = readonly (string | number)[];
/** Where a path stands in the file: `line 12`; undefined when there is no file. */
type Locate = (path: Path) => string | undefined;

const SEE = 'docs/guides/validation.md lists the checks and their settings.';

/**
 * Reads a rules document from the text of a YAML or JSON file (JSON is YAML). Settings that were left out get their
 * defaults. PW501 with everything that is wrong: the line, the path in the document, what stands there and what to do.
 */
export function parseRules(text: string): RulesDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new PipewrightError(document.errors.map(({ message, pos }) => ({
      code: 'PW501' as const,
      message: `The rules document cannot be read: line ${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
      fix: 'Write it as YAML or JSON, each key once.',
    })));
  }
  return checkRules(document.toJS() as Json, (path) => lineOf(document, lines, path));
}

/** Checks a rules document that came as a value. As {@link parseRules}, without lines. */
export function checkRules(given: Json, locate: Locate = () => undefined): RulesDocument {
  // Defaults are written into a copy: what was given belongs to the caller.
  const value = structuredClone(given) as unknown;
  const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, verbose: true });
  const issues: Issue[] = [];
  const validate = ajv.compile(DOCUMENT_SCHEMA);
  if (!validate(value)) issues.push(...validate.errors!.map((error) => issueOf(error, [], locate)));
  const rules = (value as { rules?: unknown } | null)?.rules;
  for (const [at, rule] of (Array.isArray(rules) ? (rules as unknown[]) : []).entries()) {
    const name = (rule as { check?: unknown } | null)?.check;
    if (!CHECK_NAMES.includes(name as CheckName)) continue;
    const matches = ajv.compile(ruleSchema(name as CheckName));
    if (!matches(rule)) issues.push(...matches.errors!.map((error) => issueOf(error, ['rules', at], locate)));
  }
  if (issues.length === 0) issues.push(...contradictions(value as RulesDocument, locate));
  if (issues.length > 0) throw new PipewrightError(issues);
  const { format, calendar, maximumQuarantinedShare, rules: all } = value as RulesDocument;
  return { format, calendar, maximumQuarantinedShare, rules: all };
}

/** What no schema can say. */
function contradictions(document: RulesDocument, locate: Locate): Issue[] {
  const { rules } = document;
  const issues: Issue[] = [];
  const wrong = (path: Path, message: string, fix: string): void => void issues.push({ code: 'PW501', message: `${placeOf(path, locate)} ${message}.`, fix });
  for (const { rule, setting, column, type, wanted } of mismatchesOf(document)) {
    const { check } = rules[rule]!;
    const path = ['rules', rule, setting, ...(check === 'range' || check === 'text' ? [column] : [])];
    wrong(path, `asks for ${wanted} of the column ${JSON.stringify(column)}, whose type is ${type}`, check === 'range' ? 'A rule of kind range is for numbers: use text with oneOf or pattern.' : check === 'text' ? 'A rule of kind text is for texts and dates: use range.' : 'Name columns of numbers.');
  }
  const firstWith = new Map<string, number>();
  for (const [at, rule] of rules.entries()) {
    const first = firstWith.get(rule.id);
    if (first === undefined) firstWith.set(rule.id, at);
    else wrong(['rules', at, 'id'], `is ${JSON.stringify(rule.id)}, as is that of rule ${first}`, 'Give each rule an id of its own.');
    if (rule.check === 'range') {
      for (const [column, { minimum, maximum, above, below }] of Object.entries(rule.columns)) {
        const [low, high] = [Math.max(minimum ?? -Infinity, above ?? -Infinity), Math.min(maximum ?? Infinity, below ?? Infinity)];
        if (low > high) wrong(['rules', at, 'columns', column], `allows no value: it must be at least ${low} and at most ${high}`, 'Turn the limits round.');
      }
    }
    if (rule.check === 'drift' && rule.persistence > rule.windows) {
      wrong(['rules', at, 'persistence'], `asks for ${rule.persistence} of ${rule.windows} windows`, 'Give at most as many as there are windows.');
    }
    if (rule.check === 'text') {
      for (const [column, { pattern }] of Object.entries(rule.columns)) {
        if (pattern !== undefined && !isExpression(pattern)) wrong(['rules', at, 'columns', column, 'pattern'], `is ${JSON.stringify(pattern)}, which is no regular expression`, 'Mend it, or use oneOf.');
      }
    }
  }
  return issues;
}

function issueOf(error: ErrorObject, above: Path, locate: Locate): Issue {
  const path: Path = [...above, ...error.instancePath.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))];
  const place = placeOf(path, locate);
  const stands = JSON.stringify(error.data)?.slice(0, 60);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params['additionalProperty']);
      const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
      const near = closest(name, known);
      return { code: 'PW501', message: `${place} has ${JSON.stringify(name)}, which is no setting here.`, fix: near === undefined ? `It can have: ${listed(known)}.` : `Did you mean "${near}"?` };
    }
    case 'required':
      return { code: 'PW501', message: `${place} has no ${JSON.stringify(error.params['missingProperty'])}.`, fix: `Add it. ${SEE}` };
    case 'enum': {
      const allowed = (error.params['allowedValues'] as readonly unknown[]).map(String);
      const near = typeof error.data === 'string' ? closest(error.data, allowed) : undefined;
      return { code: 'PW501', message: `${place} is ${stands}.`, fix: `${near === undefined ? '' : `Did you mean "${near}"? `}It must be one of ${listed(allowed)}.` };
    }
    case 'const':
      return { code: 'PW501', message: `${place} is ${stands}.`, fix: `It must be ${JSON.stringify(error.params['allowedValue'])}.` };
    default:
      return { code: 'PW501', message: `${place} is ${stands}: it ${error.message ?? 'is not valid'}.`, fix: SEE };
  }
}

/** `In the rules document, line 12, /rules/3/severity`. */
function placeOf(path: Path, locate: Locate): string {
  const line = locate(path);
  return `In the rules document, ${line === undefined ? '' : `${line}, `}${path.length === 0 ? 'the whole' : `/${path.join('/')}`}`;
}

function lineOf(document: Document, lines: LineCounter, path: Path): string | undefined {
  // A setting that is not there has no line: the nearest thing around it has.
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length).map((part) => (/^\d+$/.test(String(part)) ? Number(part) : part)), true);
    if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}`;
  }
  return undefined;
}

function isExpression(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
