import type { Json } from '../../util/index.ts';
import type { ValueType } from '../../contract/index.ts';

/*
 * Values that are known only when the pipeline runs. Every node carries its own type, so that a backend never has to
 * guess: Argo's parameters are texts, and `type` says how to read them.
 */

export interface Literal { readonly kind: 'Literal'; readonly type: ValueType; readonly value: Json }
/** A parameter of the pipeline. */
export interface ParameterReference { readonly kind: 'ParameterReference'; readonly type: ValueType; readonly parameter: string }
/** A result of a task. */
export interface ResultReference { readonly kind: 'ResultReference'; readonly type: ValueType; readonly task: string; readonly result: string }
/** The present item of a loop; only inside its body. */
export interface ItemReference { readonly kind: 'ItemReference'; readonly type: ValueType; readonly loop: string }
/** One member of a JSON value: `item.rate`. */
export interface MemberAccess { readonly kind: 'MemberAccess'; readonly type: ValueType; readonly of: Expression; readonly member: string }
/** A value inside a loop, seen from outside: the list of it over all items, in the order of the items. */
export interface Collection { readonly kind: 'Collection'; readonly type: ValueType; readonly loop: string; readonly of: Expression }
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export interface Comparison { readonly kind: 'Comparison'; readonly type: ValueType; readonly operator: ComparisonOperator; readonly left: Expression; readonly right: Expression }
export interface Logic { readonly kind: 'Logic'; readonly type: ValueType; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
export interface Negation { readonly kind: 'Negation'; readonly type: ValueType; readonly of: Expression }
export type ArithmeticOperator = '+' | '-' | '*' | '/';
export interface Arithmetic { readonly kind: 'Arithmetic'; readonly type: ValueType; readonly operator: ArithmeticOperator; readonly left: Expression; readonly right: Expression }
/** Texts and values, joined. A value is written in its text form (`codec.ts`). */
export interface Format { readonly kind: 'Format'; readonly type: ValueType; readonly parts: readonly (string | Expression)[] }
/** The first value, or the second where the first is absent because its task was skipped. */
export interface Fallback { readonly kind: 'Fallback'; readonly type: ValueType; readonly first: Expression; readonly second: Expression }
/** The value of the branch that ran. */
export interface Join { readonly kind: 'Join'; readonly type: ValueType; readonly when: string; readonly then: Expression; readonly otherwise: Expression }
/** How the run ended; only in the exit handler: `Succeeded`, `Failed` or `Error`. */
export interface RunStatus { readonly kind: 'RunStatus'; readonly type: ValueType }

export type Expression =
  | Literal | ParameterReference | ResultReference | ItemReference | MemberAccess | Collection | Comparison | Logic
  | Negation | Arithmetic | Format | Fallback | Join | RunStatus;

export function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;
}

/** The expressions directly inside one. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'Literal':
    case 'ParameterReference':
    case 'ResultReference':
    case 'ItemReference':
    case 'RunStatus':
      return [];
    case 'MemberAccess':
    case 'Collection':
    case 'Negation':
      return [expression.of];
    case 'Comparison':
    case 'Logic':
    case 'Arithmetic':
      return [expression.left, expression.right];
    case 'Format':
      return expression.parts.filter((part): part is Expression => typeof part !== 'string');
    case 'Fallback':
      return [expression.first, expression.second];
    case 'Join':
      return [expression.then, expression.otherwise];
  }
}

/** A short text for people: labels of the graph, names of conditions, messages. */
export function describeExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'Literal':
      return describeLiteral(expression.value);
    case 'ParameterReference':
      return expression.parameter;
    case 'ResultReference':
      return `${expression.task}.${expression.result}`;
    case 'ItemReference':
      return 'item';
    case 'MemberAccess':
      return `${describeExpression(expression.of)}.${expression.member}`;
    case 'Collection':
      return `all of ${describeExpression(expression.of)}`;
    case 'Comparison':
    case 'Logic':
    case 'Arithmetic':
      return `${describeOperand(expression.left, rankOf(expression))} ${expression.operator} ${describeOperand(expression.right, rankOf(expression) + 1)}`;
    case 'Negation':
      return `not (${describeExpression(expression.of)})`;
    case 'Format':
      return expression.parts.map((part) => (typeof part === 'string' ? part : `{${describeExpression(part)}}`)).join('');
    case 'Fallback':
      return `${describeExpression(expression.first)} or else ${describeExpression(expression.second)}`;
    case 'Join':
      return `${describeExpression(expression.then)} or ${describeExpression(expression.otherwise)}`;
    case 'RunStatus':
      return 'status of the run';
  }
}

/** In parentheses where it would be read otherwise without them. */
function describeOperand(operand: Expression, rank: number): string {
  const text = describeExpression(operand);
  return rankOf(operand) < rank ? `(${text})` : text;
}

const RANKS = { or: 1, and: 2, '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '+': 4, '-': 4, '*': 5, '/': 5 } as const;

/** How closely its operator binds. */
function rankOf(expression: Expression): number {
  return 'operator' in expression ? RANKS[expression.operator] : Number.POSITIVE_INFINITY;
}

/** What is no JSON is refused by `check`, which has to name it first. */
function describeLiteral(value: Json): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value that is no JSON';
  }
}
