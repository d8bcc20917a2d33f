import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { defaultBlockLength, stationaryBootstrap } from '../../../model/statistics/index.ts';

const normals = (count: number, seed: number): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};
const options = { confidence: 0.9, seed: 1, resamples: 500 };

describe('the stationary bootstrap', () => {
  test('is the same for the same seed and another for another', () => {
    const values = normals(100, 3);
    expect(stationaryBootstrap(values, options)).toEqual(stationaryBootstrap(values, options));
    expect(stationaryBootstrap(values, { ...options, seed: 2 }).lower).not.toBe(stationaryBootstrap(values, options).lower);
  });

  test('moves with a shift and scales with a factor', () => {
    const values = normals(80, 4);
    const own = stationaryBootstrap(values, options);
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 50 }), (shift, factor) => {
        const other = stationaryBootstrap(values.map((value) => value * factor + shift), options);
        expect(other.lower).toBeCloseTo(own.lower * factor + shift, 8);
        expect(other.upper).toBeCloseTo(own.upper * factor + shift, 8);
        expect(other.standardError).toBeCloseTo(own.standardError * factor, 8);
      }),
      { numRuns: 20 },
    );
  });

  test('with blocks of one day has the standard error of independent days, s / √n', () => {
    const values = normals(400, 5);
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
    const { standardError, estimate } = stationaryBootstrap(values, { ...options, resamples: 4_000, meanBlockLength: 1 });
    expect(estimate).toBeCloseTo(mean, 12);
    expect(Math.abs(standardError / (deviation / 20) - 1)).toBeLessThan(0.05);
  });

  test('sees dependence that single days hide: overlapping sums of five have √5 times the naive error', () => {
    const shocks = normals(2_004, 6);
    const values = Float64Array.from({ length: 2_000 }, (_, day) => shocks.subarray(day, day + 5).reduce((sum, shock) => sum + shock, 0));
    const naive = stationaryBootstrap(values, { ...options, meanBlockLength: 1 }).standardError;
    const blocked = stationaryBootstrap(values, { ...options, meanBlockLength: 40 }).standardError;
    expect(blocked / naive).toBeGreaterThan(1.8);
    expect(blocked / naive).toBeLessThan(2.7);
  });

  test('draws blocks that follow one another, wrap around, and have the asked mean length', () => {
    const days = 50;
    const counted = Float64Array.from({ length: days }, (_, day) => day);
    let joins = 0;
    let steps = 0;
    stationaryBootstrap(counted, { ...options, meanBlockLength: 5 }, (sample) => {
      for (let at = 1; at < sample.length; at++) {
        steps++;
        if (sample[at] === (sample[at - 1]! + 1) % days) joins++;
      }
      return 0;
    });
    // A join is a block going on (4 in 5) or a fresh block that happens to begin there (1 in 5 times 1 in 50).
    expect(joins / steps).toBeCloseTo(0.8 + 0.2 / days, 2);
  });

  test('covers the truth about as often as it says', () => {
    let above = 0;
    let below = 0;
    for (let walk = 0; walk < 200; walk++) {
      const { lower, upper } = stationaryBootstrap(normals(250, 100 + walk), { ...options, resamples: 300 });
      if (lower > 0) above++;
      if (upper < 0) below++;
    }
    // 5 % of 200 is 10 on either side; 25 or more would happen to an honest bound once in 20,000 tries.
    expect(above).toBeLessThan(25);
    expect(below).toBeLessThan(25);
    expect(above + below).toBeGreaterThan(4);
  });

  test('takes any statistic', () => {
    const { estimate, lower, upper } = stationaryBootstrap(Float64Array.of(1, 5, 3, 9), options, (sample) => Math.max(...sample));
    expect([estimate, upper]).toEqual([9, 9]);
    expect(lower).toBeGreaterThanOrEqual(1);
  });

  test('of constant values is that constant', () => {
    expect(stationaryBootstrap([2, 2, 2], options)).toEqual({ estimate: 2, lower: 2, upper: 2, standardError: 0 });
  });

  test('grows its blocks with the series and with overlapping labels', () => {
    expect([defaultBlockLength(1), defaultBlockLength(750), defaultBlockLength(750, 20)]).toEqual([1, 10, 40]);
  });

  test.each([
    [[], {}, 'A bootstrap needs at least 2 days; got 0.'],
    [[1], {}, 'A bootstrap needs at least 2 days; got 1.'],
    [[1, NaN], {}, 'A bootstrap needs finite values; day 1 is NaN.'],
    [[1, 2], { confidence: 1 }, 'A confidence lies between 0 and 1; got 1.'],
    [[1, 2], { resamples: 10 }, 'A bootstrap needs 100 resamples or more; got 10.'],
    [[1, 2], { meanBlockLength: 0 }, 'The mean block length is 0 days; it must be 1 or more.'],
  ])('refuses %j with %j', (values, broken, message) => {
    expect(() => stationaryBootstrap(values, { ...options, ...broken })).toThrow(new RangeError(message));
  });
});
