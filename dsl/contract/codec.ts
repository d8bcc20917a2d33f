import { canonicalJson, listed, type Json } from '../util/index.ts';
import { checkAgainstSchema } from './json-schema.ts';
import { describeType, type ValueType } from './value-type.ts';

/**
 * The one codec between values and texts, used by the compiler, the local runner, the command line and every step.
 *
 * string and enum: the text itself. integer and number: the shortest decimal form that reads back equal, as JSON.
 * boolean: `true` or `false`. json and list: canonical JSON. So a number never becomes `"1"` in one place and `1` in another.
 */
export function encodeValue(type: ValueType, value: Json): string {
  return type.kind === 'string' || type.kind === 'enum' ? (value as string) : canonicalJson(value);
}

export type Decoded = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

/** Reads a text; never throws. The reason completes the sentence "the value …". */
export function decodeValue(type: ValueType, text: string): Decoded {
  if (type.kind === 'string' || type.kind === 'enum') return checked(type, text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { ok: false, reason: `is ${quote(text)}, which is not ${article(describeType(type))}` };
  }
  return checked(type, value);
}

function checked(type: ValueType, value: Json): Decoded {
  const reason = checkValue(type, value);
  return reason === undefined ? { ok: true, value } : { ok: false, reason };
}

/** What is wrong with a value, completing the sentence "the value …", or undefined when it fits its type. */
export function checkValue(type: ValueType, value: unknown): string | undefined {
  switch (type.kind) {
    case 'string':
      if (typeof value !== 'string') return notA(type, value);
      if (type.pattern !== undefined && !new RegExp(type.pattern, 'u').test(value)) return `is ${quote(value)}, which does not match ${type.pattern}`;
      return undefined;
    case 'integer':
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return notA(type, value);
      if (type.kind === 'integer' && !Number.isSafeInteger(value)) return notA(type, value);
      if (type.minimum !== undefined && value < type.minimum) return `is ${value}, which is below its minimum ${type.minimum}`;
      if (type.maximum !== undefined && value > type.maximum) return `is ${value}, which is above its maximum ${type.maximum}`;
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : notA(type, value);
    case 'enum':
      return typeof value === 'string' && type.values.includes(value)
        ? undefined
        : `is ${quote(value)}, which is not one of ${listed(type.values.map((option) => JSON.stringify(option)))}`;
    case 'json': {
      const stranger = strangerIn(value, []);
      if (stranger !== undefined) return `is not JSON: it holds ${stranger}`;
      const misfit = type.schema === undefined ? undefined : checkAgainstSchema(type.schema, value as Json);
      return misfit === undefined ? undefined : `does not fit its schema: ${misfit}`;
    }
    case 'list': {
      if (!Array.isArray(value)) return notA(type, value);
      for (const [index, item] of value.entries()) {
        const reason = checkValue(type.items, item);
        if (reason !== undefined) return `has an item ${index} that ${reason}`;
      }
      return undefined;
    }
  }
}

/** Whether every value of `from` is also a value of `to`. Constraints (minimum, pattern, schema) are checked on values, not here. */
export function fitsType(from: ValueType, to: ValueType): boolean {
  if (to.kind === 'json' && to.schema === undefined) return true;
  if (from.kind === 'integer' && to.kind === 'number') return true;
  if (from.kind === 'enum' && to.kind === 'string') return true;
  if (from.kind === 'enum' && to.kind === 'enum') return from.values.every((value) => to.values.includes(value));
  if (from.kind === 'list' && to.kind === 'list') return fitsType(from.items, to.items);
  return from.kind === to.kind;
}

function notA(type: ValueType, value: unknown): string {
  return `is ${quote(value)}, which is not ${article(describeType(type))}`;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function quote(value: unknown): string {
  const text = typeof value === 'object' || typeof value === 'string' ? textOf(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** JSON, or another text for what JSON cannot hold: an author may give anything. */
function textOf(value: object | string | null): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Nobody writes so deep a value by hand, and programs that read it run out of stack. */
const DEEPEST = 500;

/** What a value holds that JSON cannot carry there and back; undefined when there is nothing of the kind. */
function strangerIn(value: unknown, around: readonly object[]): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return undefined;
  if (typeof value !== 'object') return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`;
  if (around.includes(value)) return 'itself';
  if (around.length === DEEPEST) return `more than ${DEEPEST} levels`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return `an object of the class ${value.constructor.name}`;
  // A member that is undefined is left out; an item cannot be.
  const inner: readonly unknown[] = Array.isArray(value) ? Array.from(value as unknown[]) : Object.values(value).filter((member) => member !== undefined);
  for (const each of inner) {
    const found = strangerIn(each, [...around, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}
