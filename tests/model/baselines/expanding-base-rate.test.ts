import { describe, expect, test } from 'vitest';
import { baseRateRandom, expandingBaseRate, majority } from '../../../model/baselines.ts';
import { createRandom } from '../../../model/random.ts';

/** Labels of which `before` go up until row `turn`, `after` from there on. */
function labelsOf(rows: number, turn: number, before: number, after: number): Float64Array {
  const random = createRandom(3);
  return Float64Array.from({ length: rows }, (_, row) => (random.uniform() < (row < turn ? before : after) ? 1 : 0));
}

const judged = { from: 800, to: 1_000 };
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the expanding base rate', () => {
  const labels = labelsOf(1_001, 0, 0.55, 0.55);

  test('is the share of up days that closes of earlier rows have decided', () => {
    for (const horizonDays of [1, 5]) {
      const rates = expandingBaseRate(labels, [10], judged, horizonDays);
      expect(rates).toHaveLength(200);
      for (const day of [0, 1, 120, 199]) {
        const known = labels.subarray(10, 800 + day - horizonDays);
        expect(rates[day]).toBeCloseTo((known.reduce((sum, label) => sum + label, 0) + horizonDays / 2) / (known.length + horizonDays), 12);
      }
    }
  });

  test('knows no label that its own close or a later one decides, and every earlier one', () => {
    const own = expandingBaseRate(labels, [10, 600], judged, 5);
    const turnedFrom = (row: number): Float64Array => expandingBaseRate(labels.map((label, at) => (at >= row ? 1 - label : label)), [10, 600], judged, 5);
    expect(turnedFrom(895).subarray(0, 101)).toEqual(own.subarray(0, 101));
    expect(turnedFrom(894)[100]).not.toBe(own[100]);
    expect(turnedFrom(894).subarray(0, 100)).toEqual(own.subarray(0, 100));
  });

  test('listens to the later count where the market has drifted, and to the longer one where it has not', () => {
    const drifted = labelsOf(1_001, 600, 0.45, 0.65);
    const [both, long, late] = [[10, 600], [10], [600]].map((starts) => mean(expandingBaseRate(drifted, starts, judged, 1))) as [number, number, number];
    expect(late - long).toBeGreaterThan(0.08);
    expect((both - long) / (late - long)).toBeGreaterThan(0.9);
    const [steady, all, recent] = [[10, 600], [10], [600]].map((starts) => expandingBaseRate(labels, starts, judged, 1)) as [Float64Array, Float64Array, Float64Array];
    const share = steady.reduce((sum, rate, day) => sum + Math.abs(rate - all[day]!), 0) / recent.reduce((sum, rate, day) => sum + Math.abs(rate - all[day]!), 0);
    expect(share).toBeLessThan(0.35);
  });

  test('is one half by a count that has not begun, and a share whatever the horizon', () => {
    const rates = expandingBaseRate(labels, [0, 790], judged, 40);
    expect(rates.every((rate) => rate > 0.4 && rate < 0.7)).toBe(true);
    expect(expandingBaseRate(labels, [0, 999], { from: 41, to: 60 }, 40).every((rate) => rate > 0 && rate < 1)).toBe(true);
  });

  test('refuses labels that nobody knows', () => {
    expect(() => expandingBaseRate(labels, [800], judged, 1)).toThrow(new RangeError('A base rate needs at least one known label; none is before row 800 of those from row 800 on.'));
    expect(() => expandingBaseRate(labels, [], judged, 1)).toThrow(RangeError);
    expect(() => expandingBaseRate(labels.map((label, row) => (row === 900 ? NaN : label)), [0], judged, 1)).toThrow(new RangeError('The known label of row 900 is NaN; it must be 0 or 1.'));
  });

  test('gives a majority and a coin that change with it', () => {
    expect([...majority([0.49, 0.5, 0.7], 3).predicted]).toEqual([0, 1, 1]);
    expect([...baseRateRandom([0, 1, 0, 1], 4, 1).predicted]).toEqual([0, 1, 0, 1]);
    expect(() => baseRateRandom([0.5, NaN], 2, 1)).toThrow(new RangeError('The base rate is NaN; it must lie between 0 and 1.'));
  });
});
