import { encodeValue, type StepContract, type ValueType } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import type { Expression, Task } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import { member, quote } from './expr.ts';
import type { Layout } from './layout.ts';
import { Presence } from './presence.ts';
import { rawText, References, type Read, type Reader } from './references.ts';

/**
 * Prints the pipeline's expressions in Argo's language. Every value has two sides there: its text, which is what
 * parameters carry, and the value itself, with which operators work. The rules of `dsl/local/evaluate.ts` hold.
 */
export class Expressions {
  readonly references: References;
  readonly presence: Presence;

  readonly #layout: Layout;
  readonly #contractOf: (task: Task) => StepContract;

  constructor(layout: Layout, contractOf: (task: Task) => StepContract) {
    this.#layout = layout;
    this.#contractOf = contractOf;
    this.references = new References(layout, (expression, reader) => this.value(expression, reader));
    this.presence = new Presence(layout, this.references);
  }

  /** An expression that yields the value: a number, a boolean, a string, or what JSON holds. */
  value(expression: Expression, reader: Reader): string {
    const read = this.read(expression, reader);
    if (read) return valueOfText(rawText(read), expression.type);
    switch (expression.kind) {
      case 'Literal':
        return literal(expression.type, expression.value);
      case 'MemberAccess':
        demandShallow(expression);
        return presentMember(parenthesise(this.value(expression.of, reader)), expression.member);
      case 'Collection':
        return this.references.collection(expression, reader);
      case 'Comparison':
        return this.#compare(expression, reader);
      case 'Logic':
        return `${this.#operand(expression.left, reader)} ${expression.operator === 'and' ? '&&' : '||'} ${this.#operand(expression.right, reader)}`;
      case 'Negation':
        return `!(${this.value(expression.of, reader)})`;
      case 'Arithmetic':
        return `${this.#operand(expression.left, reader)} ${expression.operator} ${this.#operand(expression.right, reader)}`;
      case 'Format':
        return expression.parts.map((part) => (typeof part === 'string' ? quote(part) : parenthesise(this.text(part, part.type, reader)))).join(' + ') || '""';
      case 'Fallback':
      case 'Join':
        return this.#choose(expression, reader, (chosen) => parenthesise(this.value(chosen, reader)));
      case 'ParameterReference':
      case 'ResultReference':
      case 'ItemReference':
      case 'RunStatus':
        throw new Error(`${expression.kind} is read as a text`);
      default:
        return unreachable(expression);
    }
  }

  /** An expression that yields the text form that a value has as a parameter of the given type. */
  text(expression: Expression, type: ValueType, reader: Reader): string {
    const read = this.read(expression, reader);
    if (read) return convert(this.formed(expression, rawText(read)), expression.type, type);
    if (expression.kind === 'Literal') return quote(encodeValue(type, expression.value));
    if (expression.kind === 'Fallback' || expression.kind === 'Join') return this.#choose(expression, reader, (chosen) => parenthesise(this.text(chosen, type, reader)));
    const value = this.value(expression, reader);
    return isText(type) ? value : `toJson(${value})`;
  }

  /** Whether the text may be one of many for the same value: what a program that is not ours wrote, `5.0` or `{"a": 1}`. */
  isUnformed(expression: Expression): boolean {
    if (expression.kind !== 'ResultReference' || !['number', 'json', 'list'].includes(expression.type.kind)) return false;
    const { node } = this.#layout.places.get(expression.task)!;
    return node.kind === 'Task' && this.#contractOf(node).program.kind === 'command';
  }

  /** An expression that yields the text form, from one that yields the text. */
  formed(expression: Expression, text: string): string {
    return this.isUnformed(expression) ? `toJson(fromJSON(${text}))` : text;
  }

  /** How the text is reached, for what is carried as one; undefined for what has to be computed. */
  read(expression: Expression, reader: Reader): Read | undefined {
    switch (expression.kind) {
      case 'ParameterReference':
        return this.references.parameter(expression.parameter, expression.type, reader);
      case 'ResultReference':
        return this.references.result(expression.task, expression.result, expression.type, reader);
      case 'ItemReference':
        return this.references.item(expression.loop, reader);
      case 'RunStatus':
        return this.references.status(reader);
      default:
        return undefined;
    }
  }

  #choose(expression: Expression & { kind: 'Fallback' | 'Join' }, reader: Reader, print: (chosen: Expression) => string): string {
    if (expression.kind === 'Join') return `${this.presence.ofFirstBranch(expression.when, reader)} ? ${print(expression.then)} : ${print(expression.otherwise)}`;
    const present = this.presence.ofValue(expression.first, reader);
    return present === undefined ? print(expression.first) : `${present} ? ${print(expression.first)} : ${print(expression.second)}`;
  }

  #compare(expression: Expression & { kind: 'Comparison' }, reader: Reader): string {
    const { left, right, operator } = expression;
    const isEquality = operator === '==' || operator === '!=';
    // Two values of JSON are compared by their canonical texts, as on a laptop.
    if (isEquality && (isStructure(left.type) || isStructure(right.type)) && !(isScalar(left.type) || isScalar(right.type))) {
      return `toJson(${this.value(left, reader)}) ${operator} toJson(${this.value(right, reader)})`;
    }
    return `${this.#operand(left, reader)} ${operator} ${this.#operand(right, reader)}`;
  }

  #operand(expression: Expression, reader: Reader): string {
    return parenthesise(this.value(expression, reader));
  }
}

/**
 * A member, or an error where there is none, as on a laptop: Argo's language would go on with `nil`, which becomes `null`
 * where it is passed on, and equals nothing where it is compared. What fails to be read as JSON is the message.
 */
function presentMember(of: string, name: string): string {
  return `${quote(name)} in ${of} ? ${member(of, name)} : fromJSON(${quote(`no member ${name}`)})`;
}

/** What a member is of is printed twice, to see whether it is there and to take it: so each one doubles the expression. */
const MOST_MEMBERS = 8;

function demandShallow(expression: Expression & { kind: 'MemberAccess' }): void {
  const path: string[] = [];
  let of: Expression = expression;
  for (; of.kind === 'MemberAccess'; of = of.of) path.unshift(of.member);
  if (path.length <= MOST_MEMBERS) return;
  throw new PipewrightError({
    code: 'PW201',
    message: `The path .${path.join('.')} goes ${path.length} members deep into JSON. On Argo each one doubles the expression, so at most ${MOST_MEMBERS} are taken.`,
    fix: 'Give what lies deeper as a result of its own of the step that makes it, or pass the whole value and let the next step take it apart.',
  });
}

/** string and enum have their value as their text; everything else has JSON. */
export function isText(type: ValueType): boolean {
  return type.kind === 'string' || type.kind === 'enum';
}

function isStructure(type: ValueType): boolean {
  return type.kind === 'json' || type.kind === 'list';
}

function isScalar(type: ValueType): boolean {
  return !isStructure(type);
}

/** The text of a value of one type as that of another. Only between texts and JSON is there a difference. */
export function convert(text: string, from: ValueType, to: ValueType): string {
  if (isText(from) === isText(to)) return text;
  return isText(to) ? `string(fromJSON(${text}))` : `toJson(${text})`;
}

function valueOfText(text: string, type: ValueType): string {
  switch (type.kind) {
    case 'string':
    case 'enum':
      return text;
    case 'integer':
      return `asInt(${text})`;
    case 'number':
      return `asFloat(${text})`;
    case 'boolean':
      return `${text} == "true"`;
    case 'json':
    case 'list':
      return `fromJSON(${text})`;
  }
}

function literal(type: ValueType, value: Parameters<typeof encodeValue>[1]): string {
  if (typeof value === 'string' && type.kind !== 'json') return quote(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return String(value);
  return `fromJSON(${quote(encodeValue({ kind: 'json' }, value))})`;
}

/** Parentheses around everything but names, calls and literals. */
function parenthesise(code: string): string {
  return /^(?:[\w.#]+|"(?:[^"\\]|\\.)*")(?:\[[^[\]]*\]|\.\w+)*$/.test(code) || isOneCall(code) ? code : `(${code})`;
}

/** `name(…)` with possible members after it, and nothing else. */
function isOneCall(code: string): boolean {
  const start = /^[A-Za-z]+\(/.exec(code);
  if (!start) return false;
  let depth = 0;
  let inText = false;
  for (let position = start[0].length - 1; position < code.length; position++) {
    const character = code[position]!;
    if (inText) {
      if (character === '\\') position++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return /^(?:\["(?:[^"\\]|\\.)*"\])*$/.test(code.slice(position + 1));
  }
  return false;
}
