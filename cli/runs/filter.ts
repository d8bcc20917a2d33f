/*
 * The question of `runs list --filter`, close to what MLflow's search understands:
 *
 *     expression  = conjunction { "or" conjunction }
 *     conjunction = negation { "and" negation }
 *     negation    = [ "not" ] ( "(" expression ")" | comparison )
 *     comparison  = column ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) value
 *                 | column [ "not" ] ( "like" | "ilike" ) text
 *                 | column [ "not" ] "in" "(" value { "," value } ")"
 *                 | column "is" [ "not" ] "null"
 *     column      = part { "." part }        a part is a word, `train(0)`, or anything in backticks or double quotes
 *     value       = number | 'text' | "text" | true | false
 *
 * Words are case-insensitive. As in SQL, a comparison with what a run does not have is neither true nor false.
 */
import { PipewrightError } from '../../dsl/errors/index.ts';
import { closest, listed, unreachable } from '../../dsl/util/index.ts';
import { STATUSES, type Blame, type Cell, type Column, type Columns } from './columns.ts';
import { createLike } from './like.ts';
import type { TrackedRun } from './tracked-run.ts';

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=';
interface Literal { readonly value: string | number | boolean; readonly at: number }
interface Name { readonly word: string; readonly at: number }

export type Filter =
  | { readonly kind: 'And' | 'Or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'Not'; readonly filter: Filter }
  | { readonly kind: 'Compare'; readonly column: Name; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'Like'; readonly column: Name; readonly pattern: string; readonly ignoresCase: boolean }
  | { readonly kind: 'In'; readonly column: Name; readonly values: readonly Literal[] }
  | { readonly kind: 'IsNull'; readonly column: Name };

/** True, false, or undefined where a run does not have what is asked for. */
type Answer = boolean | undefined;

interface Token { readonly kind: 'word' | 'quoted' | 'number' | 'sign' | 'end'; readonly text: string; readonly at: number; readonly quote?: string }

const TOKEN = /\s+|(?<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\p{L}\p{N}_.-]))|(?<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`)|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_-]*)|(?<sign>==|<>|!=|<=|>=|[=<>(),.])/uy;
const KEYWORDS = ['and', 'or', 'not', 'in', 'like', 'ilike', 'is', 'null', 'true', 'false'];
const OPERATORS: Readonly<Record<string, Operator>> = { '=': '=', '==': '=', '!=': '!=', '<>': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };
/** Deeper than anybody writes, and far from the end of the stack. */
const DEEPEST = 200;

/** Reads a question. PW901 with the position of what is wrong. */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;
  const peek = (): Token => tokens[next]!;
  const isWord = (word: string, token = peek()): boolean => token.kind === 'word' && token.text.toLowerCase() === word;
  const isSign = (sign: string): boolean => peek().kind === 'sign' && peek().text === sign;
  const taken = (is: boolean): boolean => {
    if (is) next++;
    return is;
  };
  const refuse = (wanted: string, token = peek()): PipewrightError => wrong(text, token.at, `${token.kind === 'end' ? 'the filter ends' : `there is ${token.text}`} where ${wanted} is wanted`, adviceFor(token, wanted));

  const expression = (): Filter => {
    if (++depth > DEEPEST) throw wrong(text, peek().at, `there are more than ${DEEPEST} parentheses inside each other`, 'Write it flatter.');
    let left = conjunction();
    while (taken(isWord('or'))) left = { kind: 'Or', left, right: conjunction() };
    depth--;
    return left;
  };
  const conjunction = (): Filter => {
    let left = negation();
    while (taken(isWord('and'))) left = { kind: 'And', left, right: negation() };
    return left;
  };
  const negation = (): Filter => {
    let isTurned = false;
    while (taken(isWord('not'))) isTurned = !isTurned;
    let inner: Filter;
    if (taken(isSign('('))) {
      inner = expression();
      if (!taken(isSign(')'))) throw refuse('")", "and" or "or"');
    } else inner = comparison();
    return isTurned ? { kind: 'Not', filter: inner } : inner;
  };
  const comparison = (): Filter => {
    const column = name();
    if (taken(isWord('is'))) {
      const isTurned = taken(isWord('not'));
      if (!taken(isWord('null'))) throw refuse('"null"');
      return isTurned ? { kind: 'Not', filter: { kind: 'IsNull', column } } : { kind: 'IsNull', column };
    }
    const isTurned = taken(isWord('not'));
    const turned = (filter: Filter): Filter => (isTurned ? { kind: 'Not', filter } : filter);
    if (isWord('like') || isWord('ilike')) {
      const ignoresCase = isWord('ilike');
      next++;
      const pattern = literal();
      if (typeof pattern.value !== 'string') throw wrong(text, pattern.at, `"${String(pattern.value)}" is no text`, "Give like a text in quotes, with % for any letters and _ for one: 'sp%'.");
      return turned({ kind: 'Like', column, pattern: pattern.value, ignoresCase });
    }
    if (taken(isWord('in'))) {
      if (!taken(isSign('('))) throw refuse('"("');
      const values = [literal()];
      while (taken(isSign(','))) values.push(literal());
      if (!taken(isSign(')'))) throw refuse('"," or ")"');
      return turned({ kind: 'In', column, values });
    }
    if (isTurned) throw refuse('"in" or "like"');
    const operator = peek().kind === 'sign' ? OPERATORS[peek().text] : undefined;
    if (operator === undefined) throw refuse('a comparison (=, !=, <, <=, >, >=, like, in, is null)');
    next++;
    return { kind: 'Compare', column, operator, value: literal() };
  };
  const name = (): Name => {
    const { at } = peek();
    let word = namePart();
    while (taken(isSign('.'))) word += `.${namePart()}`;
    return { word, at };
  };
  const namePart = (): string => {
    const token = peek();
    const isName = token.kind === 'word' ? !KEYWORDS.includes(token.text.toLowerCase()) : token.kind === 'quoted' && token.quote !== "'";
    if (!isName && !(token.kind === 'number' && /^\d+$/.test(token.text))) throw refuse('a column such as metrics.accuracy');
    next++;
    // Tasks of a loop are called train(0), train(1,2).
    const items = token.kind === 'word' ? /^\(\d+(?:,\d+)*\)/.exec(text.slice(token.at + token.text.length)) : null;
    if (items === null) return token.text;
    while (!isSign(')')) next++;
    next++;
    return token.text + items[0];
  };
  const literal = (): Literal => {
    const token = peek();
    const { at } = token;
    if (token.kind === 'number') return next++, { value: Number(token.text), at };
    if (token.kind === 'quoted' && token.quote !== '`') return next++, { value: token.text, at };
    if (isWord('true') || isWord('false')) return next++, { value: isWord('true', token), at };
    throw refuse('a value (a number, a text in quotes, true or false)');
  };

  const whole = expression();
  if (peek().kind !== 'end') throw refuse('"and" or "or"');
  return whole;
}

/** The runs that a filter lets through, by the columns that they have. PW901 for columns and values that do not fit. */
export function bindFilter(filter: Filter, text: string, columns: Columns): (run: TrackedRun) => boolean {
  const blameAt = (at: number): Blame => (message, fix) => wrong(text, at, lowerFirst(message.replace(/\.$/, '')), fix);
  const bind = (node: Filter): ((run: TrackedRun) => Answer) => {
    switch (node.kind) {
      case 'And':
      case 'Or': {
        const [left, right] = [bind(node.left), bind(node.right)];
        const decisive = node.kind === 'Or';
        return (run) => {
          const [a, b] = [left(run), right(run)];
          if (a === decisive || b === decisive) return decisive;
          return a === undefined || b === undefined ? undefined : !decisive;
        };
      }
      case 'Not': {
        const inner = bind(node.filter);
        return (run) => {
          const answer = inner(run);
          return answer === undefined ? undefined : !answer;
        };
      }
      case 'IsNull': {
        const column = columns.resolve(node.column.word, blameAt(node.column.at));
        return (run) => (column.valueOf(run) ?? null) === null;
      }
      case 'Like': {
        const column = columns.resolve(node.column.word, blameAt(node.column.at));
        if (column.type === 'number') throw blameAt(node.column.at)(`"${column.name}" is a number`, 'like compares texts; use <, > or = for numbers.');
        const matches = createLike(node.pattern, node.ignoresCase);
        return (run) => {
          const value = column.valueOf(run);
          return value === undefined || value === null ? undefined : matches(typeof value === 'string' ? value : JSON.stringify(value));
        };
      }
      case 'In': {
        const column = columns.resolve(node.column.word, blameAt(node.column.at));
        const comparisons = node.values.map((value) => compareWith(column, '=', value, blameAt));
        return (run) => {
          const answers = comparisons.map((compare) => compare(column.valueOf(run)));
          return answers.includes(true) ? true : answers.every((answer) => answer === undefined) ? undefined : false;
        };
      }
      case 'Compare': {
        const column = columns.resolve(node.column.word, blameAt(node.column.at));
        const compare = compareWith(column, node.operator, node.value, blameAt);
        return (run) => compare(column.valueOf(run));
      }
      default:
        return unreachable(node);
    }
  };
  const answer = bind(filter);
  return (run) => answer(run) === true;
}

function compareWith(column: Column, operator: Operator, { value, at }: Literal, blameAt: (at: number) => Blame): (cell: Cell) => Answer {
  switch (column.type) {
    case 'number':
      if (typeof value !== 'number') throw blameAt(at)(`"${column.name}" is a number, and ${JSON.stringify(value)} is none`, 'Write the number without quotes.');
      return (cell) => (typeof cell === 'number' ? holds(operator, cell, value) : undefined);
    case 'text':
      if (typeof value !== 'string') throw blameAt(at)(`"${column.name}" is a text, and ${String(value)} is none`, 'Put it in quotes.');
      return (cell) => (typeof cell === 'string' ? holds(operator, cell, value) : undefined);
    case 'status': {
      const known = STATUSES.find((status) => status.toLowerCase() === String(value).toLowerCase());
      if (known === undefined) {
        const near = closest(String(value), STATUSES);
        throw blameAt(at)(`"${String(value)}" is no status of a run`, near === undefined ? `A run is ${listed(STATUSES)}.` : `Did you mean "${near}"?`);
      }
      if (operator !== '=' && operator !== '!=') throw blameAt(at)(`a status is not less or more than another`, 'Use = or !=.');
      return (cell) => (typeof cell === 'string' ? holds(operator, cell, known) : undefined);
    }
    case 'time': {
      const time = typeof value === 'string' ? readTime(value) : NaN;
      if (Number.isNaN(time)) throw blameAt(at)(`${JSON.stringify(value)} is no time`, "Write it as '2026-01-31' or '2026-01-31 12:00:00', in UTC, or with a zone: '2026-01-31T12:00:00+01:00'.");
      return (cell) => (typeof cell === 'string' ? holds(operator, Date.parse(cell), time) : undefined);
    }
    case 'any':
      if (!column.types!.has(typeof value)) {
        const [is, fix] = typeof value === 'string' ? ['a text', 'Write it without quotes.'] : [typeof value === 'number' ? 'a number' : 'true or false', `Put it in quotes: '${String(value)}'.`];
        throw blameAt(at)(`no run has ${is} in "${column.name}"`, fix);
      }
      // A parameter may be a number in one pipeline and a text in another: only like is compared with like.
      return (cell) => {
        const found = typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell;
        if (found === undefined || found === null) return undefined;
        if (typeof found !== typeof value) return operator === '!=' ? true : operator === '=' ? false : undefined;
        return holds(operator, found, value);
      };
    default:
      return unreachable(column.type);
  }
}

/** ms; NaN for what is no time. What has no zone is in UTC, as a table prints it: JavaScript would take the clock of the machine. */
function readTime(text: string): number {
  const [, day, time = '00:00', zone = 'Z'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[-+]\d\d:\d\d)?)?$/i.exec(text.trim()) ?? [];
  return Date.parse(`${day}T${time}${/^(?:Z|UTC)$/i.test(zone) ? 'Z' : zone}`);
}

function holds<T extends string | number | boolean>(operator: Operator, a: T, b: T): boolean {
  switch (operator) {
    case '=': return a === b;
    case '!=': return a !== b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    default: return unreachable(operator);
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      const character = String.fromCodePoint(text.codePointAt(at)!);
      if (/['"`]/.test(character)) throw wrong(text, at, `the quote ${character} is never closed`, `Add a ${character} at the end of the text.`);
      throw wrong(text, at, `${character} means nothing here`, character === '&' ? 'Write "and".' : character === '|' ? 'Write "or".' : character === '!' ? 'Write "not".' : "Put texts in quotes: 'like this'.");
    }
    const { number, quoted, word, sign } = match.groups!;
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.slice(1, -1).replaceAll(quoted[0]! + quoted[0]!, quoted[0]!), at, quote: quoted[0]! });
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at });
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function adviceFor({ kind, text }: Token, wanted: string): string {
  if (kind === 'word' && wanted.startsWith('a value')) return `Put texts in quotes: '${text}'.`;
  if (kind === 'quoted' && wanted.startsWith('a column')) return 'Write the column first, without single quotes.';
  // Two letters in the wrong order are two edits, too many for a word of three.
  const near = kind === 'word' ? (KEYWORDS.find((word) => [...word].sort().join('') === [...text.toLowerCase()].sort().join('')) ?? closest(text, KEYWORDS)) : undefined;
  if (near !== undefined && near !== text.toLowerCase()) return `Did you mean "${near}"?`;
  return "For example: metrics.accuracy > 0.52 and params.horizonDays = 1 and status = 'Succeeded'.";
}

/** The filter is printed with a mark below the place. */
function wrong(text: string, at: number, what: string, fix: string): PipewrightError {
  const line = text.replaceAll(/\s/g, ' ');
  const from = Math.max(0, at - 40);
  return new PipewrightError({ code: 'PW901', message: `--filter, character ${at + 1}: ${what}.\n    ${from > 0 ? '…' : ''}${line.slice(from, at + 40)}\n    ${' '.repeat(at - from + (from > 0 ? 1 : 0))}^`, fix });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
