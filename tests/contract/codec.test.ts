import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkValue, decodeValue, encodeValue, fitsType, type ValueType } from '../../dsl/contract/index.ts';
import type { Json } from '../../dsl/util/index.ts';

const jsonValue = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** A type together with a value of it. */
const typed: fc.Arbitrary<readonly [ValueType, Json]> = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => [{ kind: 'string' }, value] as const),
  fc.maxSafeInteger().map((value) => [{ kind: 'integer' }, Object.is(value, -0) ? 0 : value] as const),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => [{ kind: 'number' }, Object.is(value, -0) ? 0 : value] as const),
  fc.boolean().map((value) => [{ kind: 'boolean' }, value] as const),
  fc.uniqueArray(fc.string(), { minLength: 1 }).chain((values) => fc.constantFrom(...values).map((value) => [{ kind: 'enum', values }, value] as const)),
  jsonValue.map((value) => [{ kind: 'json' }, value] as const),
  fc.array(fc.string()).map((value) => [{ kind: 'list', items: { kind: 'string' } }, value] as const),
  fc.array(fc.array(fc.integer())).map((value) => [{ kind: 'list', items: { kind: 'list', items: { kind: 'integer' } } }, value] as const),
);

describe('the codec', () => {
  it('reads back every value that it writes', () => {
    fc.assert(fc.property(typed, ([type, value]) => {
      expect(decodeValue(type, encodeValue(type, value))).toEqual({ ok: true, value });
    }));
  });

  it('never throws, whatever text it is given', () => {
    fc.assert(fc.property(typed, fc.string(), ([type], text) => {
      const decoded = decodeValue(type, text);
      if (decoded.ok) expect(checkValue(type, decoded.value)).toBeUndefined();
      else expect(decoded.reason).not.toBe('');
    }));
  });

  it.each<[ValueType, string, string]>([
    [{ kind: 'integer' }, '1.5', 'is 1.5, which is not an integer'],
    [{ kind: 'integer' }, 'abc', 'is "abc", which is not an integer'],
    [{ kind: 'integer' }, '', 'is "", which is not an integer'],
    [{ kind: 'integer' }, '9007199254740993', 'is 9007199254740992, which is not an integer'],
    [{ kind: 'integer', minimum: 1 }, '0', 'is 0, which is below its minimum 1'],
    [{ kind: 'number', maximum: 1 }, '1.5', 'is 1.5, which is above its maximum 1'],
    [{ kind: 'number' }, '"1"', 'is "1", which is not a number'],
    [{ kind: 'number' }, 'NaN', 'is "NaN", which is not a number'],
    [{ kind: 'number' }, '1e999', 'is Infinity, which is not a number'],
    [{ kind: 'boolean' }, 'True', 'is "True", which is not a boolean'],
    [{ kind: 'enum', values: ['a', 'b'] }, 'c', 'is "c", which is not one of "a" and "b"'],
    [{ kind: 'list', items: { kind: 'integer' } }, '[1,"2"]', 'has an item 1 that is "2", which is not an integer'],
    [{ kind: 'string', pattern: '^[A-Z]+$' }, 'spx', 'is "spx", which does not match ^[A-Z]+$'],
    [{ kind: 'json', schema: { type: 'object', required: ['rate'] } }, '{}', "does not fit its schema: the value must have required property 'rate'"],
  ])('refuses for %j the text %j', (type, text, reason) => {
    expect(decodeValue(type, text)).toEqual({ ok: false, reason });
  });

  it('lets a value pass where every value of its type would do', () => {
    const integer: ValueType = { kind: 'integer' };
    expect(fitsType(integer, { kind: 'number' })).toBe(true);
    expect(fitsType({ kind: 'number' }, integer)).toBe(false);
    expect(fitsType({ kind: 'enum', values: ['a'] }, { kind: 'string' })).toBe(true);
    expect(fitsType({ kind: 'enum', values: ['a'] }, { kind: 'enum', values: ['a', 'b'] })).toBe(true);
    expect(fitsType({ kind: 'enum', values: ['a', 'b'] }, { kind: 'enum', values: ['a'] })).toBe(false);
    expect(fitsType({ kind: 'list', items: integer }, { kind: 'list', items: { kind: 'number' } })).toBe(true);
    expect(fitsType({ kind: 'string' }, integer)).toBe(false);
  });
});
