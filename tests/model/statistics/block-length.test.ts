import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { automaticBlockLength } from '../../../model/statistics/index.ts';
import { reference, relative } from '../reference/reference.ts';

describe('the automatic block length', () => {
  test.each(Object.entries(reference.blockLengths))('of the series %s is that of the package arch', (name, length) => {
    expect(relative(automaticBlockLength(reference.series[name]!), length)).toBeLessThan(1e-9);
  });

  test('is short for independent days and long for dependent ones', () => {
    const random = createRandom(1);
    const shocks = Float64Array.from({ length: 1_000 }, () => random.normal());
    let last = 0;
    const slow = shocks.map((shock) => (last = 0.9 * last + shock));
    expect(automaticBlockLength(shocks)).toBeLessThan(10);
    expect(automaticBlockLength(slow)).toBeGreaterThan(25);
    expect(automaticBlockLength(slow)).toBeLessThanOrEqual(95);
  });

  test('is at least two horizons of overlapping labels, and 1 when nothing varies', () => {
    const series = reference.series['independent']!;
    expect(automaticBlockLength(series, 20)).toBe(40);
    expect(automaticBlockLength(new Float64Array(50).fill(0.1))).toBe(1);
    expect(automaticBlockLength(new Float64Array(50).fill(0.1), 3)).toBe(6);
  });

  test('refuses too few days and what is not finite', () => {
    expect(() => automaticBlockLength([1, 2, 3])).toThrow(new RangeError('A block length needs at least 10 days; got 3.'));
    expect(() => automaticBlockLength([...Array<number>(20).fill(1), NaN])).toThrow(new RangeError('A block length needs finite values; day 20 is NaN.'));
  });
});
