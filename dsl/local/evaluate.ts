import { encodeValue } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import { describeExpression, type Arithmetic, type Comparison, type Expression } from '../ir/index.ts';
import { canonicalJson, unreachable, type Json } from '../util/index.ts';
import type { Values } from './values.ts';

/** The value of something whose task was skipped. Only a fallback, a join and a consumer that allows it may see it. */
export const ABSENT = Symbol('absent');
export type Absent = typeof ABSENT;

/**
 * The value of an expression for the node instance at these item numbers. The rules are those of Argo's expression
 * language (expr-lang), see docs/semantics.md. Throws PW110 when it has no value and PW108 when an absent one is used.
 */
export function evaluate(expression: Expression, values: Values, at: readonly number[]): Json | Absent {
  const present = (inner: Expression): Json => requirePresent(evaluate(inner, values, at), inner);
  switch (expression.kind) {
    case 'Literal':
      return expression.value;
    case 'ParameterReference':
      return values.parameters[expression.parameter] ?? null;
    case 'ResultReference': {
      const produced = values.producedBy(expression.task, at);
      return produced === undefined ? ABSENT : (produced.results[expression.result] ?? null);
    }
    case 'ItemReference': {
      const depth = values.depthOf(expression.loop);
      return values.itemsOf(expression.loop, at)?.[at[depth] ?? -1] ?? null;
    }
    case 'MemberAccess':
      return memberOf(present(expression.of), expression.member, expression);
    case 'Collection': {
      const items = values.itemsOf(expression.loop, at);
      if (items === undefined) return ABSENT;
      const outer = at.slice(0, values.depthOf(expression.loop));
      return items.map((_item, index) => requirePresent(evaluate(expression.of, values, [...outer, index]), expression.of));
    }
    case 'Comparison':
      return compare(expression, present(expression.left), present(expression.right));
    case 'Logic': {
      const left = booleanOf(present(expression.left), expression);
      if (left === (expression.operator === 'or')) return left;
      return booleanOf(present(expression.right), expression);
    }
    case 'Negation':
      return !booleanOf(present(expression.of), expression);
    case 'Arithmetic':
      return calculate(expression, present(expression.left), present(expression.right));
    case 'Format':
      return expression.parts.map((part) => (typeof part === 'string' ? part : encodeValue(part.type, present(part)))).join('');
    case 'Fallback': {
      const first = evaluate(expression.first, values, at);
      return first === ABSENT ? evaluate(expression.second, values, at) : first;
    }
    case 'Join': {
      const branch = values.branchOf(expression.when, at);
      return branch === undefined ? ABSENT : evaluate(expression[branch], values, at);
    }
    case 'RunStatus':
      return values.status ?? 'Succeeded';
    default:
      return unreachable(expression);
  }
}

export function requirePresent(value: Json | Absent, expression: Expression): Json {
  if (value !== ABSENT) return value;
  throw new PipewrightError({
    code: 'PW108',
    message: `${describeExpression(expression)} has no value, because its task was skipped.`,
    fix: 'Give it a fallback with .orElse(…), or use it inside the same when.',
  });
}

function senseless(expression: Expression, why: string): PipewrightError {
  return new PipewrightError({
    code: 'PW110',
    message: `The expression ${describeExpression(expression)} has no value: ${why}.`,
    fix: 'Look at the values that go into it; a condition around it can keep out those it is not meant for.',
  });
}

function show(value: Json): string {
  const text = canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function booleanOf(value: Json, expression: Expression): boolean {
  if (typeof value !== 'boolean') throw senseless(expression, `${show(value)} is neither true nor false`);
  return value;
}

function memberOf(value: Json, member: string, expression: Expression): Json {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const found = isRecord && Object.hasOwn(value, member) ? (value as Readonly<Record<string, Json>>)[member] : undefined;
  if (found === undefined) throw senseless(expression, `${show(value)} has no member "${member}"`);
  return found;
}

function compare(expression: Comparison, left: Json, right: Json): boolean {
  const { operator } = expression;
  if (operator === '==' || operator === '!=') return (canonicalJson(left) === canonicalJson(right)) === (operator === '==');
  const order = orderOf(left, right);
  if (order === undefined) throw senseless(expression, `${show(left)} and ${show(right)} have no order`);
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function orderOf(left: Json, right: Json): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  // Texts by their UTF-8 bytes, as Go compares them; JavaScript's own order differs beyond the basic plane.
  if (typeof left === 'string' && typeof right === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(right));
  return undefined;
}

function calculate(expression: Arithmetic, left: Json, right: Json): number {
  if (typeof left !== 'number' || typeof right !== 'number') throw senseless(expression, `${show(typeof left === 'number' ? right : left)} is not a number`);
  const value = { '+': () => left + right, '-': () => left - right, '*': () => left * right, '/': () => left / right }[expression.operator]();
  if (!Number.isFinite(value)) throw senseless(expression, `${left} ${expression.operator} ${right} is not a finite number`);
  if (expression.type.kind === 'integer' && !Number.isSafeInteger(value)) throw senseless(expression, `${value} is beyond the whole numbers that are exact (±2^53)`);
  return value;
}
