import type { Json } from '../util/index.ts';
import { checkValue, type ValueType } from '../contract/index.ts';
import { captureLocation, PipewrightError } from '../errors/index.ts';
import { describeExpression, type ArithmeticOperator, type ComparisonOperator, type Expression } from '../ir/index.ts';

declare const valueOf: unique symbol;
declare const maybeOf: unique symbol;

/** A plain value or one that is known when the pipeline runs. */
export type Bindable<T> = T | Value<T>;

interface RunValue<T> {
  readonly expression: Expression;
  readonly [valueOf]: T;
  equals(other: Bindable<T>): Value<boolean>;
  notEquals(other: Bindable<T>): Value<boolean>;
}

interface OfNumber {
  lessThan(other: Bindable<number>): Value<boolean>;
  atMost(other: Bindable<number>): Value<boolean>;
  greaterThan(other: Bindable<number>): Value<boolean>;
  atLeast(other: Bindable<number>): Value<boolean>;
  plus(other: Bindable<number>): Value<number>;
  minus(other: Bindable<number>): Value<number>;
  times(other: Bindable<number>): Value<number>;
  /** Never rounds: 7 / 2 is 3.5. */
  dividedBy(other: Bindable<number>): Value<number>;
}

interface OfBoolean {
  and(other: Bindable<boolean>): Value<boolean>;
  or(other: Bindable<boolean>): Value<boolean>;
  not(): Value<boolean>;
}

interface OfRecord<T> {
  /** One member of a JSON object: `item.get('rate')`. */
  get<K extends keyof T & string>(member: K): Value<T[K]>;
}

/** A value that is known when the pipeline runs; `T` is the type it will have. */
export type Value<T> = RunValue<T> &
  ([T] extends [number] ? OfNumber : unknown) &
  ([T] extends [boolean] ? OfBoolean : unknown) &
  ([T] extends [Readonly<Record<string, unknown>>] ? OfRecord<T> : unknown);

/** A value that is absent when its task was skipped. It can be used only through `orElse`. */
export interface MaybeValue<T> {
  readonly expression: Expression;
  readonly [maybeOf]: T;
  /** This value, or the other one where this is absent. */
  orElse(other: Bindable<T>): Value<T>;
}

const BOOLEAN: ValueType = { kind: 'boolean' };
const NUMBER: ValueType = { kind: 'number' };

/** The one class behind every `Value` and `MaybeValue`; the types above decide which methods an author sees. */
class ValueHandle {
  readonly expression: Expression;
  constructor(expression: Expression) {
    this.expression = Object.freeze(expression);
    Object.freeze(this);
  }
  equals(other: unknown) { return this.#compare('==', other); }
  notEquals(other: unknown) { return this.#compare('!=', other); }
  lessThan(other: unknown) { return this.#compare('<', other); }
  atMost(other: unknown) { return this.#compare('<=', other); }
  greaterThan(other: unknown) { return this.#compare('>', other); }
  atLeast(other: unknown) { return this.#compare('>=', other); }
  plus(other: unknown) { return this.#calculate('+', other); }
  minus(other: unknown) { return this.#calculate('-', other); }
  times(other: unknown) { return this.#calculate('*', other); }
  dividedBy(other: unknown) { return this.#calculate('/', other); }
  and(other: unknown) { return this.#combine('and', other); }
  or(other: unknown) { return this.#combine('or', other); }
  not() { return new ValueHandle({ kind: 'Negation', type: BOOLEAN, of: this.expression }); }
  get(member: string) { return new ValueHandle({ kind: 'MemberAccess', type: { kind: 'json' }, of: this.expression, member }); }
  orElse(other: unknown) {
    const { type } = this.expression;
    return new ValueHandle({ kind: 'Fallback', type, first: this.expression, second: toExpression(other, type) });
  }
  /** In a template or a comparison of JavaScript it would be "[object Object]", without a word. */
  [Symbol.toPrimitive](): never {
    throw new PipewrightError({
      code: 'PW110',
      message: `${describeExpression(this.expression)} is known only when the pipeline runs, so JavaScript cannot make a text or a number of it.`,
      fix: 'Join texts with format`…${value}…`; compare and calculate with .equals(…), .greaterThan(…), .plus(…) and so on.',
      location: captureLocation(),
    });
  }
  #compare(operator: ComparisonOperator, other: unknown) {
    return new ValueHandle({ kind: 'Comparison', type: BOOLEAN, operator, left: this.expression, right: toExpression(other, this.expression.type) });
  }
  #calculate(operator: ArithmeticOperator, other: unknown) {
    const right = toExpression(other, this.expression.type);
    const whole = operator !== '/' && this.expression.type.kind === 'integer' && right.type.kind === 'integer';
    return new ValueHandle({ kind: 'Arithmetic', type: whole ? { kind: 'integer' } : NUMBER, operator, left: this.expression, right });
  }
  #combine(operator: 'and' | 'or', other: unknown) {
    return new ValueHandle({ kind: 'Logic', type: BOOLEAN, operator, left: this.expression, right: toExpression(other, BOOLEAN) });
  }
}

export function makeValue<T>(expression: Expression): Value<T> {
  return new ValueHandle(expression) as unknown as Value<T>;
}

export function isValue(candidate: unknown): candidate is Value<unknown> {
  return candidate instanceof ValueHandle;
}

/** A handle's expression, or a literal of the wanted type. A plain value that does not fit keeps a type of its own, for `check` to report. */
export function toExpression(value: unknown, wanted: ValueType): Expression {
  if (isValue(value)) return value.expression;
  const fits = checkValue(wanted, value) === undefined;
  return { kind: 'Literal', type: fits ? wanted : typeOfLiteral(value as Json), value: value as Json };
}

/** The narrowest type of a plain value. */
export function typeOfLiteral(value: Json): ValueType {
  switch (typeof value) {
    case 'string':
      return { kind: 'string' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'number':
      return Number.isSafeInteger(value) ? { kind: 'integer' } : { kind: 'number' };
    default:
      return { kind: 'json' };
  }
}

/** The narrowest type that all items of a list have. */
export function typeOfItems(items: readonly Json[]): ValueType {
  const kinds = new Set(items.map((item) => typeOfLiteral(item).kind));
  if (kinds.size === 1) return typeOfLiteral(items[0]!);
  if (kinds.size === 2 && kinds.has('integer') && kinds.has('number')) return NUMBER;
  return { kind: 'json' };
}

/** Joins texts and values into one text: ``format`s3://bucket/${params.symbol}.csv` ``. */
export function format(texts: TemplateStringsArray, ...values: readonly Bindable<string | number | boolean>[]): Value<string> {
  const parts: (string | Expression)[] = [];
  texts.forEach((text, index) => {
    if (text !== '') parts.push(text);
    if (index < values.length) {
      const value = values[index]!;
      parts.push(isValue(value) ? value.expression : String(value as string | number | boolean));
    }
  });
  return makeValue({ kind: 'Format', type: { kind: 'string' }, parts });
}
