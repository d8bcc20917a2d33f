import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueType } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression } from '../../dsl/ir/index.ts';
import { ABSENT, evaluate } from '../../dsl/local/evaluate.ts';
import { Values } from '../../dsl/local/values.ts';
import type { Json } from '../../dsl/util/index.ts';

const INTEGER: ValueType = { kind: 'integer' };
const NUMBER: ValueType = { kind: 'number' };
const STRING: ValueType = { kind: 'string' };
const BOOLEAN: ValueType = { kind: 'boolean' };
const JSON_TYPE: ValueType = { kind: 'json' };

const literal = (value: Json, type: ValueType = JSON_TYPE): Expression => ({ kind: 'Literal', type, value });
const compare = (left: Json, operator: ComparisonOperator, right: Json): Expression => ({ kind: 'Comparison', type: BOOLEAN, operator, left: literal(left), right: literal(right) });
const calculate = (left: number, operator: ArithmeticOperator, right: Json, type: ValueType = NUMBER): Expression => ({ kind: 'Arithmetic', type, operator, left: literal(left), right: literal(right) });
const result = (task: string): Expression => ({ kind: 'ResultReference', type: INTEGER, task, result: 'n' });

const empty = new Values({ p: 'given' }, new Map());
const valueOf = (expression: Expression, values = empty, at: readonly number[] = []) => evaluate(expression, values, at);
const codeOf = (expression: Expression, values = empty): string => {
  try {
    evaluate(expression, values, []);
    return 'no error';
  } catch (error) {
    return (error as PipewrightError).code;
  }
};

describe('arithmetic', () => {
  it('never rounds a division, and keeps whole numbers whole', () => {
    expect(valueOf(calculate(7, '/', 2))).toBe(3.5);
    expect(valueOf(calculate(7, '*', 2, INTEGER))).toBe(14);
    expect(valueOf(calculate(1, '-', 0.75))).toBe(0.25);
  });

  it('has no value where there is none', () => {
    expect(codeOf(calculate(1, '/', 0))).toBe('PW110');
    expect(codeOf(calculate(0, '/', 0))).toBe('PW110');
    expect(codeOf(calculate(Number.MAX_SAFE_INTEGER, '+', 1, INTEGER))).toBe('PW110');
    expect(codeOf(calculate(1, '+', 'one'))).toBe('PW110');
    expect(codeOf({ kind: 'Negation', type: BOOLEAN, of: literal('yes') })).toBe('PW110');
  });
});

describe('comparison', () => {
  it('compares values whatever the order of their members', () => {
    expect(valueOf(compare({ a: 1, b: [2] }, '==', { b: [2], a: 1 }))).toBe(true);
    expect(valueOf(compare(1, '==', '1'))).toBe(false);
    expect(valueOf(compare("it's", '!=', 'its'))).toBe(true);
  });

  it('orders texts by their bytes in UTF-8', () => {
    // U+FF5E is one code unit above the surrogates that make up U+1F600, so JavaScript orders them the other way round.
    expect('\u{1F600}' < '\uFF5E').toBe(true);
    expect(valueOf(compare('\u{1F600}', '<', '\uFF5E'))).toBe(false);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      const byPoints = [...a].map((c) => c.codePointAt(0)!);
      const others = [...b].map((c) => c.codePointAt(0)!);
      const first = byPoints.findIndex((point, index) => point !== others[index]);
      const less = first === -1 ? byPoints.length < others.length : byPoints[first]! < (others[first] ?? -1);
      expect(valueOf(compare(a, '<', b))).toBe(less);
      expect(valueOf(compare(a, '>=', b))).toBe(!less);
    }));
  });

  it('has no order for other values', () => {
    expect(codeOf(compare(true, '<', false))).toBe('PW110');
    expect(codeOf(compare(1, '<', '2'))).toBe('PW110');
  });
});

describe('logic', () => {
  it('does not look at the right side when the left decides', () => {
    const senseless = compare(1, '<', 'x');
    const logic = (operator: 'and' | 'or', left: boolean): Expression => ({ kind: 'Logic', type: BOOLEAN, operator, left: literal(left), right: senseless });
    expect(valueOf(logic('and', false))).toBe(false);
    expect(valueOf(logic('or', true))).toBe(true);
    expect(codeOf(logic('and', true))).toBe('PW110');
  });
});

describe('absence', () => {
  it('is seen by a fallback and a join only', () => {
    const values = new Values({}, new Map());
    values.setProduced('there', [], { results: { n: 4 }, outputs: {} });
    values.setBranch('choice', [], 'otherwise');
    const fallback = (first: string): Expression => ({ kind: 'Fallback', type: INTEGER, first: result(first), second: literal(0) });
    expect(valueOf(fallback('there'), values)).toBe(4);
    expect(valueOf(fallback('skipped'), values)).toBe(0);
    expect(valueOf({ kind: 'Join', type: INTEGER, when: 'choice', then: result('skipped'), otherwise: result('there') }, values)).toBe(4);
    expect(valueOf({ kind: 'Join', type: INTEGER, when: 'skipped-choice', then: result('a'), otherwise: result('b') }, values)).toBe(ABSENT);
    expect(valueOf(result('skipped'), values)).toBe(ABSENT);
    expect(codeOf({ kind: 'Format', type: STRING, parts: ['n is ', result('skipped')] }, values)).toBe('PW108');
  });

  it('of a whole loop differs from an empty loop', () => {
    const values = new Values({}, new Map([['inner', 1]]));
    const collection: Expression = { kind: 'Collection', type: { kind: 'list', items: INTEGER }, loop: 'loop', of: result('inner') };
    expect(valueOf(collection, values)).toBe(ABSENT);
    values.setItems('loop', [], []);
    expect(valueOf(collection, values)).toEqual([]);
    values.setItems('loop', [], ['a', 'b']);
    values.setProduced('inner', [0], { results: { n: 1 }, outputs: {} });
    expect(codeOf(collection, values)).toBe('PW108');
    values.setProduced('inner', [1], { results: { n: 2 }, outputs: {} });
    expect(valueOf(collection, values)).toEqual([1, 2]);
  });
});

it('reads parameters, items and members, each from its own loop', () => {
  const values = new Values({ p: 'given' }, new Map([['outer', 0], ['inner', 1], ['task', 2]]));
  values.setItems('outer', [], [{ k: 'x' }, { k: 'y' }]);
  values.setItems('inner', [1], [10, 20]);
  values.setProduced('task', [1, 1], { results: { n: 7 }, outputs: {} });
  const item = (loop: string): Expression => ({ kind: 'ItemReference', type: JSON_TYPE, loop });
  expect(valueOf({ kind: 'ParameterReference', type: STRING, parameter: 'p' }, values)).toBe('given');
  expect(valueOf({ kind: 'MemberAccess', type: JSON_TYPE, of: item('outer'), member: 'k' }, values, [1, 1])).toBe('y');
  expect(valueOf(item('inner'), values, [1, 1])).toBe(20);
  expect(valueOf(result('task'), values, [1, 1])).toBe(7);
  expect(valueOf(result('task'), values, [1, 0])).toBe(ABSENT);
  expect(codeOf({ kind: 'MemberAccess', type: JSON_TYPE, of: literal({ a: 1 }), member: 'toString' })).toBe('PW110');
  expect(codeOf({ kind: 'MemberAccess', type: JSON_TYPE, of: literal([1]), member: 'length' })).toBe('PW110');
});

it('writes values into texts in their text form', () => {
  const parts = ['a ', literal(0.1, NUMBER), ' ', literal(true, BOOLEAN), ' ', literal('t', STRING), ' ', literal([1, 'x'], JSON_TYPE)];
  expect(valueOf({ kind: 'Format', type: STRING, parts })).toBe('a 0.1 true t [1,"x"]');
});
