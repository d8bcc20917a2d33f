import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { dieboldMariano, type DieboldMariano } from '../../../model/statistics/index.ts';
import { reference, relative } from '../reference/reference.ts';
import { expectSize } from './size.ts';

const zeros = (values: ArrayLike<number>): Float64Array => new Float64Array(values.length);
const tested = (...given: Parameters<typeof dieboldMariano>): DieboldMariano => {
  const result = dieboldMariano(...given);
  if (result.kind !== 'tested') throw new Error(result.reason);
  return result;
};

describe('the Diebold–Mariano test', () => {
  test.each(reference.dieboldMariano)('of $series over $horizonDays days is that of statsmodels with HAC errors', ({ series, horizonDays, statistic, different, bartlettStatistic }) => {
    const losses = reference.series[series]!;
    const own = tested(losses, zeros(losses), { horizonDays });
    expect(relative(own.statistic, statistic)).toBeLessThan(1e-9);
    expect(relative(own.different, different)).toBeLessThan(1e-9);
    expect(own.firstBetter + own.secondBetter).toBeCloseTo(1, 12);
    expect(relative(tested(losses, zeros(losses), { horizonDays, lagWindow: 'Bartlett' }).statistic, bartlettStatistic)).toBeLessThan(1e-9);
  });

  test('is the t test of the differences over one day, worked by hand', () => {
    // Differences 1, 2, 3: mean 2, deviation 1 (divisor n − 1), so t = 2 √3 with 2 degrees; the factor turns divisor n into n − 1.
    expect(tested([1, 2, 3], [0, 0, 0]).statistic).toBeCloseTo(2 * Math.sqrt(3), 12);
  });

  test('turns over with its two sides', () => {
    const [first, second] = [reference.series['independent']!, reference.series['autoregressive 0.5']!.slice(0, 200)];
    const [own, other] = [tested(first, second, { horizonDays: 3 }), tested(second, first, { horizonDays: 3 })];
    expect(other.statistic).toBeCloseTo(-own.statistic, 12);
    expect(other.firstBetter).toBeCloseTo(own.secondBetter, 12);
  });

  test("takes Bartlett's weights when the rectangular variance is negative", () => {
    const zigzag = Array.from({ length: 20 }, (_, day) => (day % 2 === 0 ? 1 : -1) + (day === 0 ? 0.1 : 0));
    const result = tested(zigzag, zeros(zigzag), { horizonDays: 2 });
    expect(result.lagWindow).toBe('Bartlett');
    expect(Number.isFinite(result.statistic)).toBe(true);
    expect(tested(zigzag, zeros(zigzag)).lagWindow).toBe('rectangular');
  });

  test('keeps its level on independent losses of few days, and on overlapping ones of many', () => {
    const random = createRandom(21);
    const alarmsOf = (trials: number, days: number, horizonDays: number): number => {
      let alarms = 0;
      for (let trial = 0; trial < trials; trial++) {
        const shocks = Float64Array.from({ length: days + horizonDays - 1 }, () => random.normal());
        const losses = Float64Array.from({ length: days }, (_, day) => shocks.subarray(day, day + horizonDays).reduce((sum, shock) => sum + shock, 0));
        if (tested(losses, zeros(losses), { horizonDays }).different < 0.05) alarms++;
      }
      return alarms;
    };
    expectSize(alarmsOf(1_500, 25, 1), 1_500, 0.05);
    expectSize(alarmsOf(600, 1_200, 3), 600, 0.05);
  });

  test('says why it cannot test, and refuses what does not fit', () => {
    expect(dieboldMariano([1, 2, 3], [0, 1, 2])).toEqual({ kind: 'undefined', reason: 'the losses differ by the same amount every day' });
    expect(dieboldMariano([1], [2])).toEqual({ kind: 'undefined', reason: '1 days are too few for labels over 1' });
    expect(dieboldMariano([1, 2, 3, 4], [0, 0, 0, 0], { horizonDays: 3 })).toMatchObject({ kind: 'undefined' });
    expect(() => dieboldMariano([1], [])).toThrow(new RangeError('The Diebold–Mariano test needs the same days twice; got 1 and 0.'));
    expect(() => dieboldMariano([1, NaN], [1, 1])).toThrow(new RangeError('Losses are finite numbers; day 1 has NaN and 1.'));
    expect(() => dieboldMariano([1, 2], [1, 1], { horizonDays: 0 })).toThrow(RangeError);
  });
});
