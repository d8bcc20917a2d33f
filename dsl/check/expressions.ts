import type { Issue } from '../errors/index.ts';
import { checkValue, describeType, fitsType } from '../contract/index.ts';
import { describeExpression, expressionsOf, walkExpression, type Expression, type Node } from '../ir/index.ts';
import type { Rule } from './rule.ts';

/** Operators are applied to values that they make sense for. */
export const expressions: Rule = function* ({ nodes }) {
  for (const node of nodes) {
    const found: Issue[] = [];
    for (const expression of expressionsOf(node)) walkExpression(expression, (inner) => found.push(...problemsOf(inner, node)));
    yield* found;
    if (node.kind === 'When' && node.condition.type.kind !== 'boolean') {
      yield issue(node, `The condition of "${node.id}" is ${describeExpression(node.condition)}, which is ${describeType(node.condition.type)}.`, 'Compare it with something: .equals(…), .greaterThan(…).');
    }
    if (node.kind === 'ForEach' && node.items.type.kind !== 'list') {
      yield issue(node, `The loop "${node.id}" goes over ${describeExpression(node.items)}, which is ${describeType(node.items.type)}.`, 'Give it a list: an array, or a value of type t.list(…).');
    }
  }
};

function problemsOf(expression: Expression, node: Node): readonly Issue[] {
  const text = describeExpression(expression);
  switch (expression.kind) {
    case 'Literal': {
      // A task's own arguments are held against their types by arguments.ts.
      const reason = node.kind === 'Task' && Object.values(node.parameters).includes(expression) ? undefined : checkValue({ kind: 'json' }, expression.value);
      return reason === undefined ? [] : [issue(node, `A value in "${node.id}" ${reason}.`, 'Write a text, a number, true, false, null, or a list or object of such.')];
    }
    case 'Comparison': {
      const { left, right, operator } = expression;
      if (operator === '==' || operator === '!=') {
        if (comparable(left, right)) return [];
        return [issue(node, `${text} compares ${describeType(left.type)} with ${describeType(right.type)}, which are never equal.`, 'Compare values of the same type.')];
      }
      if (isNumber(left) && isNumber(right)) return [];
      return [issue(node, `${text} orders ${describeType(left.type)} and ${describeType(right.type)}.`, 'Only numbers have an order here.')];
    }
    case 'Arithmetic':
      if (!isNumber(expression.left) || !isNumber(expression.right)) return [issue(node, `${text} calculates with ${describeType(expression.left.type)} and ${describeType(expression.right.type)}.`, 'Calculate with numbers; join texts with format`…`.')];
      if (expression.operator === '/' && expression.right.kind === 'Literal' && expression.right.value === 0) return [issue(node, `${text} divides by zero.`, 'Divide by something else.')];
      return [];
    case 'Logic':
      if (expression.left.type.kind === 'boolean' && expression.right.type.kind === 'boolean') return [];
      return [issue(node, `${text} combines ${describeType(expression.left.type)} and ${describeType(expression.right.type)}.`, 'Combine booleans: comparisons, or parameters of type t.boolean().')];
    case 'Negation':
      return expression.of.type.kind === 'boolean' ? [] : [issue(node, `${text} negates ${describeType(expression.of.type)}.`, 'Negate a boolean.')];
    case 'Fallback':
    case 'Join': {
      const [first, second] = expression.kind === 'Fallback' ? [expression.first, expression.second] : [expression.then, expression.otherwise];
      if (comparable(first, second)) return [];
      return [issue(node, `${text} is ${describeType(first.type)} one way and ${describeType(second.type)} the other.`, 'Give both ways the same type.')];
    }
    case 'MemberAccess':
      return expression.of.type.kind === 'json' ? [] : [issue(node, `${text} takes a member of ${describeType(expression.of.type)}.`, 'Only JSON objects have members.')];
    default:
      return [];
  }
}

function comparable(a: Expression, b: Expression): boolean {
  return a.type.kind === 'json' || b.type.kind === 'json' || (a.type.kind === 'enum' && b.type.kind === 'enum') || fitsType(a.type, b.type) || fitsType(b.type, a.type);
}

function isNumber(expression: Expression): boolean {
  return ['integer', 'number', 'json'].includes(expression.type.kind);
}

function issue(node: Node, message: string, fix: string): Issue {
  return { code: 'PW110', message, fix, location: node.location };
}
