import type { ArgoDocuments } from './compile.ts';

/*
 * Prints plain objects as YAML, one way only: keys sorted, but apiVersion, kind, metadata and name first; lists not
 * indented, as Kubernetes prints them; long lines not folded and nothing abbreviated, so that a difference between two
 * versions is a difference in meaning. It is read as YAML 1.1 and 1.2 alike, by Go and by JavaScript.
 */

/**
 * A pipeline's objects as one file for `kubectl create -f` or `argo submit`: what the run refers to first, the run last.
 * `command` is named in the first line, so that nobody mends the file by hand.
 */
export function emit(documents: ArgoDocuments, command: string): string {
  return printFile([...documents.workflowTemplates, documents.workflow], command);
}

/**
 * The schedule, where there is one, as a file of its own for `kubectl apply -f`: who creates the other file starts a run
 * and nothing more (docs/decisions/0011-schedule-in-its-own-file.md).
 */
export function emitSchedule({ cronWorkflow }: ArgoDocuments, command: string): string | undefined {
  return cronWorkflow === undefined ? undefined : printFile([cronWorkflow], command);
}

function printFile(objects: readonly object[], command: string): string {
  return `# Made by: ${command.replaceAll(/\s+/g, ' ')}\n# Do not edit: change the pipeline and run the command again.\n${objects.map(printYaml).join('---\n')}`;
}

const FIRST = ['apiVersion', 'kind', 'metadata', 'name'];

/** The text of one document, without a separator. Members that are `undefined` are left out. */
export function printYaml(value: unknown): string {
  const lines: string[] = [];
  printNode(value, '', lines, '');
  return `${lines.join('\n')}\n`;
}

/** Appends the lines of a node. `lead` is what stands before it on its first line: nothing, `key:` or `- `. */
function printNode(value: unknown, indent: string, lines: string[], lead: string): void {
  if (Array.isArray(value) && value.length > 0) printList(value, indent, lines, lead);
  else if (typeof value === 'object' && value !== null && !Array.isArray(value) && definedKeys(value).length > 0) printMap(value as Record<string, unknown>, indent, lines, lead);
  else lines.push(join(indent, lead, printScalar(value, indent)));
}

function printList(list: readonly unknown[], indent: string, lines: string[], lead: string): void {
  if (lead !== '') lines.push(`${indent}${lead}`);
  for (const item of list) printItem(item, indent, lines);
}

function printItem(item: unknown, indent: string, lines: string[]): void {
  const start = lines.length;
  printNode(item, `${indent}  `, lines, '');
  // The first line of the item takes the dash in place of its own indentation.
  const first = lines[start]!.slice(indent.length + 2);
  lines[start] = `${indent}- ${first}`;
}

function printMap(map: Readonly<Record<string, unknown>>, indent: string, lines: string[], lead: string): void {
  const inner = lead === '' ? indent : `${indent}  `;
  if (lead !== '') lines.push(`${indent}${lead}`);
  for (const key of definedKeys(map).sort(compareKeys)) {
    const value = map[key];
    // The dashes of a list stand under its key.
    printNode(value, inner, lines, `${printKey(key)}:`);
  }
}

function join(indent: string, lead: string, scalar: string): string {
  return lead === '' ? `${indent}${scalar}` : `${indent}${lead} ${scalar}`;
}

function definedKeys(map: object): string[] {
  return Object.keys(map).filter((key) => (map as Record<string, unknown>)[key] !== undefined);
}

function compareKeys(a: string, b: string): number {
  const rank = (key: string): number => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function printKey(key: string): string {
  return isPlainText(key) ? key : printText(key);
}

function printScalar(value: unknown, indent: string): string {
  switch (typeof value) {
    case 'string':
      return value.includes('\n') && isBlockText(value) ? printBlock(value, indent) : printText(value);
    case 'boolean':
      return String(value);
    case 'number':
      return JSON.stringify(value);
    default:
      return Array.isArray(value) ? '[]' : value === null ? 'null' : '{}';
  }
}

/**
 * A text that both versions of YAML read as itself without quotes. Narrower than the standard, to be sure: YAML 1.1 as
 * some read it has `e5` as a number.
 */
function isPlainText(text: string): boolean {
  return /^(?:--?)?[A-Za-z_/][\w./@%+=~^()-]*(?:(?: |[:,])[\w./@%+=~^()-]+)*$/.test(text) && !RESERVED.has(text.toLowerCase()) && !/^-?[eE][-+]?\d+$/.test(text);
}

/** Texts that YAML 1.1 reads as booleans or null: https://yaml.org/type/bool.html */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

/** In single quotes, or in double quotes where a character needs an escape. */
function printText(text: string): string {
  if (isPlainText(text)) return text;
  if (!NEEDS_ESCAPE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u00ad\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Control characters, line breaks of any kind, and what is not printable in YAML. */
const NEEDS_ESCAPE = /[\u0000-\u001f\u007f-\u009f\u00ad\u2028\u2029\ufeff\ufffe\uffff]/;

/** Whether a text of several lines can stand as a literal block: nothing to escape, and a first line that shows the indentation. */
function isBlockText(text: string): boolean {
  return !NEEDS_ESCAPE.test(text.replaceAll('\n', '')) && /^\S/.test(text) && !/^ +$/m.test(text);
}

function printBlock(text: string, indent: string): string {
  const ending = /\n*$/.exec(text)![0].length;
  const chomping = ending === 0 ? '-' : ending === 1 ? '' : '+';
  const body = ending === 0 ? text : text.slice(0, -1);
  return [`|${chomping}`, ...body.split('\n').map((line) => (line === '' ? '' : `${indent}  ${line}`))].join('\n');
}
