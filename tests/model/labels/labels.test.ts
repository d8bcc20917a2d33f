import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { direction, forwardReturn } from '../../../model/labels/index.ts';

const closes = Float64Array.of(100, 110, 110, 99, 198);

describe('labels', () => {
  test('say what the close does next: up is 1, equal or down is 0, unknown is NaN', () => {
    expect([...direction(closes, 1)]).toEqual([1, 0, 0, 1, NaN]);
    expect([...direction(closes, 2)]).toEqual([1, 0, 1, NaN, NaN]);
  });

  test('give the forward return as a share', () => {
    const expected = [0.1, 0, -0.1, 1, NaN];
    [...forwardReturn(closes, 1)].forEach((value, at) => {
      if (Number.isNaN(expected[at]!)) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[at]!, 12);
    });
  });

  test('of row t depend on the closes of rows t and t + horizon only', () => {
    const prices = fc.float64Array({ minLength: 1, maxLength: 40, min: 1, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 10 }), fc.nat(39), fc.nat(39), (given, horizon, row, altered) => {
        fc.pre(row < given.length && altered < given.length && altered !== row && altered !== row + horizon);
        const other = given.slice();
        other[altered] = other[altered]! * 3;
        expect(forwardReturn(other, horizon)[row]).toBe(forwardReturn(given, horizon)[row]);
        expect(direction(other, horizon)[row]).toBe(direction(given, horizon)[row]);
      }),
    );
  });

  test('of no rows, one row and constant prices', () => {
    expect([...direction(new Float64Array(0), 1)]).toEqual([]);
    expect([...direction(Float64Array.of(5), 1)]).toEqual([NaN]);
    expect([...direction(new Float64Array(3).fill(7), 1)]).toEqual([0, 0, NaN]);
  });

  test('refuse broken closes and horizons', () => {
    expect(() => direction(Float64Array.of(1, NaN), 1)).toThrow(new RangeError('The close of row 1 is NaN; a label needs finite closes above 0.'));
    expect(() => direction(closes, 0)).toThrow(new RangeError('The label horizon is 0 days; it must be a whole number of 1 or more.'));
    expect(() => forwardReturn(closes, 1.5)).toThrow(RangeError);
  });
});
