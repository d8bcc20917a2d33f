import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sliceBars, type Bars } from '../../../model/bars.ts';
import { columnOf } from '../../../model/matrix.ts';
import {
  computeFeatures,
  defaultFeatureSet,
  featureColumns,
  latestFeatureRow,
  requiredBars,
  type FeatureSet,
} from '../../../model/features/index.ts';
import { findLookAhead } from '../../../model/guards/index.ts';
import { decideOnEveryBar } from '../decide-on-every-bar.ts';
import { barsOfCloses, randomWalk, rowOf, sp500 } from '../sample-bars.ts';

const needed = requiredBars(defaultFeatureSet);
const walk = randomWalk(needed + 200, 21);
const recursive = new Set(['close-over-ema', 'rsi', 'macd']);
const single = (feature: FeatureSet['features'][number]): FeatureSet => ({ features: [feature] });
const name = (feature: FeatureSet['features'][number]): string => `${feature.kind} ${JSON.stringify(feature.parameters)}`;

describe('a feature table', () => {
  test('has one row per bar, one column per name, and is complete from its first complete row on', () => {
    const table = computeFeatures(walk, defaultFeatureSet);
    expect(table.dates).toEqual(walk.date);
    expect(table.matrix.rows).toBe(walk.close.length);
    expect(table.matrix.names).toEqual(featureColumns(defaultFeatureSet));
    expect(table.matrix.values.length).toBe(table.matrix.rows * table.matrix.names.length);
    expect(table.firstComplete).toBe(needed - 1);
    expect(rowOf(table.matrix, table.firstComplete - 1).some(Number.isNaN)).toBe(true);
    for (let row = table.firstComplete; row < table.matrix.rows; row++) {
      expect(rowOf(table.matrix, row).every(Number.isFinite)).toBe(true);
    }
  });

  test.each(defaultFeatureSet.features.map((feature) => [name(feature), feature] as const))(
    '%s has no value before its warm-up is complete and one in every row after',
    (_, feature) => {
      const { matrix, firstComplete } = computeFeatures(walk, single(feature));
      expect(firstComplete).toBe(requiredBars(single(feature)) - 1);
      for (const column of matrix.names) {
        const values = columnOf(matrix, column);
        expect(values.subarray(0, firstComplete).every(Number.isNaN)).toBe(true);
        expect(values.subarray(firstComplete).every(Number.isFinite)).toBe(true);
      }
    },
  );

  test('holds the hand-worked values of a small set', () => {
    const set: FeatureSet = {
      features: [
        { kind: 'momentum', parameters: { days: 1 } },
        { kind: 'close-over-sma', parameters: { window: 2 } },
        { kind: 'volume-ratio', parameters: { window: 2 } },
        { kind: 'volatility', parameters: { window: 2 } },
      ],
    };
    const { matrix, firstComplete } = computeFeatures(barsOfCloses([100, 110, 99], [10, 30, 30]), set);
    expect(firstComplete).toBe(2);
    expect(rowOf(matrix, 0)).toEqual([NaN, NaN, NaN, NaN]);
    const [momentum, overAverage, volumeRatio, volatility] = rowOf(matrix, 2);
    expect(momentum).toBeCloseTo(-0.1, 12);
    expect(overAverage).toBeCloseTo(99 / 104.5 - 1, 12);
    expect(volumeRatio).toBe(1);
    // Two values a and b have the sample deviation |a − b| / √2.
    expect(volatility).toBeCloseTo(Math.log(1.1 / 0.9) / Math.SQRT2, 12);
  });

  test('is free of scale: prices in cents and volumes in lots give the same features', () => {
    const scaled: Bars = { ...walk, close: walk.close.map((price) => price * 100), volume: walk.volume.map((shares) => shares / 100) };
    const [own, other] = [computeFeatures(walk, defaultFeatureSet), computeFeatures(scaled, defaultFeatureSet)];
    for (let row = own.firstComplete; row < own.matrix.rows; row += 17) {
      rowOf(own.matrix, row).forEach((value, at) => expect(rowOf(other.matrix, row)[at]).toBeCloseTo(value, 10));
    }
  });
});

describe('no look-ahead', () => {
  test.each(defaultFeatureSet.features.map((feature) => [name(feature), feature] as const))(
    '%s at row t is the same whatever comes after t',
    (_, feature) => {
      const set = single(feature);
      const first = requiredBars(set) - 1;
      const looks = [first - 1, first, first + 1, first + 37, walk.close.length - 2].filter((row) => row >= 0);
      expect(findLookAhead(decideOnEveryBar((bars) => computeFeatures(bars, set).matrix), { bars: walk, times: undefined }, undefined, looks)).toBeUndefined();
    },
  );

  test('holds for the whole table at any row of any walk', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: needed - 1, max: needed + 38 }), (seed, row) => {
        const bars = randomWalk(needed + 40, seed);
        const value = (given: Bars): ArrayLike<number> => computeFeatures(given, defaultFeatureSet).matrix.values;
        const width = featureColumns(defaultFeatureSet).length;
        const cells = Array.from({ length: width }, (_, at) => row * width + at);
        const whole = value(bars);
        const cut = value(sliceBars(bars, 0, row + 1));
        expect(cells.map((cell) => cut[cell])).toEqual(cells.map((cell) => whole[cell]));
      }),
      { numRuns: 30 },
    );
  });
});

describe('only as many bars as the warm-up says', () => {
  test.each(defaultFeatureSet.features.map((feature) => [name(feature), feature] as const))('%s needs no older bar', (_, feature) => {
    const set = single(feature);
    const whole = computeFeatures(walk, set).matrix;
    const last = rowOf(whole, whole.rows - 1);
    const row = latestFeatureRow(walk, set);
    // A finite window differs by rounding alone; a recursive one by what is left of its seed.
    const tolerance = recursive.has(feature.kind) ? 1e-8 : 1e-13;
    last.forEach((value, at) => expect(Math.abs(row[at]! - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value))));
  });

  test('on the S&P 500 every row agrees with the whole history within 1e-8 of its column’s deviation', () => {
    const bars = sp500();
    const table = computeFeatures(bars, defaultFeatureSet);
    const { matrix, firstComplete } = table;
    const deviation = matrix.names.map((column) => sampleDeviation(columnOf(matrix, column).subarray(firstComplete)));
    let worst = 0;
    for (let row = firstComplete; row < matrix.rows; row += 23) {
      const alone = latestFeatureRow(sliceBars(bars, 0, row + 1), defaultFeatureSet);
      rowOf(matrix, row).forEach((value, at) => {
        worst = Math.max(worst, Math.abs(alone[at]! - value) / deviation[at]!);
      });
    }
    expect(worst).toBeLessThan(1e-8);
  });

  test('one bar fewer leaves the last row incomplete, and the server says so', () => {
    const short = sliceBars(walk, 0, needed - 1);
    expect(computeFeatures(short, defaultFeatureSet).firstComplete).toBe(needed - 1);
    expect(rowOf(computeFeatures(short, defaultFeatureSet).matrix, needed - 2).some(Number.isNaN)).toBe(true);
    expect(() => latestFeatureRow(short, defaultFeatureSet)).toThrow(new RangeError(`A feature row needs ${needed} bars; got ${needed - 1}.`));
  });
});

describe('edges', () => {
  test('no bars give no rows', () => {
    const table = computeFeatures(barsOfCloses([]), defaultFeatureSet);
    expect([table.matrix.rows, table.matrix.values.length, table.firstComplete]).toEqual([0, 0, 0]);
  });

  test('one bar gives one incomplete row', () => {
    const table = computeFeatures(barsOfCloses([100]), defaultFeatureSet);
    expect([table.matrix.rows, table.firstComplete]).toEqual([1, 1]);
  });

  test('constant prices and no trade give finite features: no return, no volatility, RSI 50', () => {
    const rows = needed + 5;
    const { matrix, firstComplete } = computeFeatures(barsOfCloses(new Float64Array(rows).fill(10.1), new Float64Array(rows)), defaultFeatureSet);
    expect(rowOf(matrix, firstComplete).every(Number.isFinite)).toBe(true);
    const at = (column: string): number => columnOf(matrix, column)[rows - 1]!;
    expect([at('log_return_5'), at('volatility_20'), at('rsi_14'), at('volume_ratio_20')]).toEqual([0, 0, 50, 1]);
    expect(at('close_over_sma_50')).toBeCloseTo(0, 14);
    expect(at('macd_12_26_9_over_close')).toBeCloseTo(0, 14);
  });
});

function sampleDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
