import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMA, RSI, SMA, WSMA } from 'trading-signals';
import { dayOfWeek, monthOfYear } from '../../../model/features/kernels/calendar.ts';
import { exponentialMovingAverage, wilderAverage } from '../../../model/features/kernels/exponential-moving-average.ts';
import { movingAverageConvergence } from '../../../model/features/kernels/macd.ts';
import { relativeStrengthIndex } from '../../../model/features/kernels/relative-strength-index.ts';
import { logReturn } from '../../../model/features/kernels/log-return.ts';
import { momentum } from '../../../model/features/kernels/momentum.ts';
import { rollingDeviation } from '../../../model/features/kernels/rolling-deviation.ts';
import { simpleMovingAverage } from '../../../model/features/kernels/simple-moving-average.ts';
import { volumeRatio } from '../../../model/features/kernels/volume-ratio.ts';
import { randomWalk } from '../sample-bars.ts';

/** StockCharts ChartSchool, "Relative Strength Index": 33 closes, and the same rounded to cents. */
const rsiCloses = [
  44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614,
  46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548,
  44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
];
const rsiPublished = [
  70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46, 37.3,
  33.08, 37.77,
];
/** StockCharts ChartSchool, "Moving Averages": 30 closes with their 10-day averages. */
const averageCloses = [
  22.2734, 22.194, 22.0847, 22.1741, 22.184, 22.1344, 22.2337, 22.4323, 22.2436, 22.2933, 22.1542, 22.3926, 22.3816,
  22.6109, 23.3558, 24.0519, 23.753, 23.8324, 23.9516, 23.6338, 23.8225, 23.8722, 23.6537, 23.187, 23.0976, 23.326,
  22.6805, 23.0976, 22.4025, 22.1725,
];
const emaPublished = [
  22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.8, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.54, 23.47, 23.4, 23.39,
  23.26, 23.23, 23.08, 22.92,
];
const smaPublished = [
  22.22, 22.21, 22.23, 22.26, 22.31, 22.42, 22.61, 22.77, 22.91, 23.08, 23.21, 23.38, 23.53, 23.65, 23.71, 23.69, 23.61,
  23.51, 23.43, 23.28, 23.13,
];

const rounded = (values: Iterable<number>, digits = 2): number[] => [...values].map((value) => Number(value.toFixed(digits)));
const walk = randomWalk(1_500, 5).close;
const series = fc.float64Array({ minLength: 0, maxLength: 80, min: 1, max: 1_000, noNaN: true });
const windows = fc.integer({ min: 1, max: 12 });

describe('simple moving average', () => {
  test('gives the published 10-day averages', () => {
    const average = simpleMovingAverage(Float64Array.from(averageCloses), 10);
    expect([...average.subarray(0, 9)]).toEqual(Array(9).fill(NaN));
    expect(rounded(average.subarray(9))).toEqual(smaPublished);
  });

  test('equals the mean of every window, for every length and window', () => {
    fc.assert(
      fc.property(series, windows, (values, window) => {
        const average = simpleMovingAverage(values, window);
        expect(average.length).toBe(values.length);
        for (let row = 0; row < values.length; row++) {
          if (row < window - 1) expect(average[row]).toBeNaN();
          else expect(average[row]).toBeCloseTo(mean(values.subarray(row - window + 1, row + 1)), 9);
        }
      }),
    );
  });

  test('forgets a huge value once it has left the window: a running sum would keep its rounding error for ever', () => {
    const values = new Float64Array(100).fill(0.1);
    values[20] = 1e17;
    const average = simpleMovingAverage(values, 7);
    for (let row = 27; row < 100; row++) expect(average[row]).toBeCloseTo(0.1, 15);
  });

  test('lets a NaN spoil only the windows that hold it', () => {
    const values = Float64Array.from([NaN, 1, 2, 3, 4]);
    expect([...simpleMovingAverage(values, 2)]).toEqual([NaN, NaN, 1.5, 2.5, 3.5]);
  });
});

describe('exponential moving average', () => {
  test('gives the published 10-day averages, seeded with the simple average', () => {
    const average = exponentialMovingAverage(Float64Array.from(averageCloses), 10);
    expect([...average.subarray(0, 9)]).toEqual(Array(9).fill(NaN));
    expect(rounded(average.subarray(9))).toEqual(emaPublished);
  });

  test('stays at a constant and gives the value itself for window 1', () => {
    expect([...exponentialMovingAverage(new Float64Array(5).fill(3), 3)]).toEqual([NaN, NaN, 3, 3, 3]);
    expect([...exponentialMovingAverage(Float64Array.of(1, 2, 4), 1)]).toEqual([1, 2, 4]);
  });

  test('starts after a warm-up of NaN', () => {
    expect([...exponentialMovingAverage(Float64Array.of(NaN, NaN, 1, 3, 5), 2)].slice(0, 4)).toEqual([NaN, NaN, NaN, 2]);
  });
});

describe('relative strength index', () => {
  test('gives the published index', () => {
    const index = relativeStrengthIndex(Float64Array.from(rsiCloses), 14);
    expect([...index.subarray(0, 14)]).toEqual(Array(14).fill(NaN));
    expect(rounded(index.subarray(14))).toEqual(rsiPublished);
  });

  test('gives the published index of the closes in cents', () => {
    const index = relativeStrengthIndex(Float64Array.from(rounded(rsiCloses)), 14);
    expect(rounded([index[14]!, index[15]!, index[16]!, index[32]!], 4)).toEqual([70.4641, 66.2496, 66.4809, 37.7888]);
  });

  test('is 100 when values only rise, 0 when they only fall, 50 when they do not move', () => {
    const rising = Float64Array.from({ length: 20 }, (_, row) => 1 + row);
    expect(relativeStrengthIndex(rising, 14)[19]).toBe(100);
    expect(relativeStrengthIndex(rising.slice().reverse(), 14)[19]).toBe(0);
    expect(relativeStrengthIndex(new Float64Array(20).fill(7), 14)[19]).toBe(50);
  });
});

describe('MACD', () => {
  test('is the hand-worked difference and its average', () => {
    // Windows 1, 2, 2 on 2, 4, 8, 8: slow average NaN, 3, 6 1/3, 7 4/9; fast is the value itself.
    const { macd, signal, histogram } = movingAverageConvergence(Float64Array.of(2, 4, 8, 8), 1, 2, 2);
    const line = [1, 5 / 3, 5 / 9];
    const average = [NaN, (1 + 5 / 3) / 2, (4 / 3) / 3 + (2 / 3) * (5 / 9)];
    expect(macd[0]).toBeNaN();
    line.forEach((value, at) => expect(macd[at + 1]).toBeCloseTo(value, 12));
    average.slice(1).forEach((value, at) => expect(signal[at + 2]).toBeCloseTo(value, 12));
    expect(signal[1]).toBeNaN();
    expect(histogram[1]).toBeNaN();
    expect(histogram[3]).toBeCloseTo(5 / 9 - average[2]!, 12);
  });

  test('refuses a fast window that is not faster', () => {
    expect(() => movingAverageConvergence(walk, 26, 12, 9)).toThrow('MACD needs a fast window below its slow window; got 26 and 12.');
  });
});

describe('rolling deviation', () => {
  test('equals the two-pass sample deviation of every window', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 12 }), (values, window) => {
        const deviation = rollingDeviation(values, window);
        for (let row = 0; row < values.length; row++) {
          if (row < window - 1) expect(deviation[row]).toBeNaN();
          else expect(deviation[row]).toBeCloseTo(sampleDeviation(values.subarray(row - window + 1, row + 1)), 8);
        }
      }),
    );
  });

  test('keeps the digits of a small deviation about a huge mean, where sums of squares lose them all', () => {
    const values = Float64Array.from({ length: 50 }, (_, row) => 1e9 + (row % 2));
    // Ten values, five of each: sqrt(10 · 0.25 / 9).
    expect(rollingDeviation(values, 10)[49]).toBeCloseTo(Math.sqrt(2.5 / 9), 7);
  });

  test('is exactly 0 for constant values', () => {
    expect([...rollingDeviation(new Float64Array(9).fill(0.1), 3)].slice(2)).toEqual(Array(7).fill(0));
  });
});

describe('returns and ratios', () => {
  const values = Float64Array.of(100, 110, 99, 198);

  test('are the hand-worked ones', () => {
    expect([...logReturn(values, 1)]).toEqual([NaN, Math.log(1.1), Math.log(0.9), Math.log(2)]);
    expect(rounded(momentum(values, 2), 12)).toEqual([NaN, NaN, -0.01, 0.8]);
    expect([...volumeRatio(Float64Array.of(2, 4, 6), 2)]).toEqual([NaN, 4 / 3, 1.2]);
  });

  test('take a window without any trade as average', () => {
    expect([...volumeRatio(new Float64Array(3), 2)]).toEqual([NaN, 1, 1]);
  });

  test('logarithmic returns sum over time', () => {
    const daily = logReturn(walk, 1);
    expect(logReturn(walk, 5)[700]).toBeCloseTo(mean(daily.subarray(696, 701)) * 5, 12);
  });
});

describe('the calendar', () => {
  test('knows weekdays before and after 1970', () => {
    const angle = (day: number): [number, number] => [Math.sin((2 * Math.PI * day) / 7), Math.cos((2 * Math.PI * day) / 7)];
    // A Monday, a Friday, and Black Tuesday.
    const { sine, cosine } = dayOfWeek(['2000-01-03', '2020-04-17', '1929-10-29']);
    expect([sine[0], cosine[0]]).toEqual(angle(0));
    expect([sine[1], cosine[1]]).toEqual(angle(4));
    expect([sine[2], cosine[2]]).toEqual(angle(1));
  });

  test('puts January at the top and July at the bottom', () => {
    const { sine, cosine } = monthOfYear(['2000-01-31', '2000-07-01', '2000-04-05']);
    expect(rounded(cosine, 12)).toEqual([1, -1, 0]);
    expect(sine[2]).toBeCloseTo(1, 12);
  });
});

describe('against trading-signals', () => {
  const streamed = (indicator: { add(value: number): number | null }): number[] => [...walk].map((value) => indicator.add(value) ?? NaN);

  test('SMA and Wilder averages agree on every row', () => {
    expectClose(simpleMovingAverage(walk, 20), streamed(new SMA(20)), 19, 1e-12);
    expectClose(wilderAverage(walk, 14), streamed(new WSMA(14)), 13, 1e-12);
  });

  test('RSI agrees on every row', () => {
    expectClose(relativeStrengthIndex(walk, 14), streamed(new RSI(14)), 14, 1e-11);
  });

  test('EMA agrees once the seeds, which differ by convention, have faded', () => {
    expectClose(exponentialMovingAverage(walk, 26), streamed(new EMA(26)), 600, 1e-13);
    expect(Math.abs(exponentialMovingAverage(walk, 26)[30]! / streamed(new EMA(26))[30]! - 1)).toBeGreaterThan(1e-6);
  });
});

test('every kernel answers an empty series with an empty one and one row with a warm-up', () => {
  const kernels = [
    (values: Float64Array) => simpleMovingAverage(values, 2),
    (values: Float64Array) => exponentialMovingAverage(values, 2),
    (values: Float64Array) => relativeStrengthIndex(values, 2),
    (values: Float64Array) => movingAverageConvergence(values, 2, 3, 2).histogram,
    (values: Float64Array) => rollingDeviation(values, 2),
    (values: Float64Array) => logReturn(values, 1),
    (values: Float64Array) => momentum(values, 1),
    (values: Float64Array) => volumeRatio(values, 2),
  ];
  for (const kernel of kernels) {
    expect(kernel(new Float64Array(0)).length).toBe(0);
    expect([...kernel(Float64Array.of(5))]).toEqual([NaN]);
  }
});

test.each([0, -1, 1.5, NaN])('a window of %s is refused', (window) => {
  const message = `The window is ${window}; it must be a whole number of`;
  expect(() => simpleMovingAverage(walk, window)).toThrow(message);
  expect(() => exponentialMovingAverage(walk, window)).toThrow(message);
  expect(() => relativeStrengthIndex(walk, window)).toThrow(message);
  expect(() => rollingDeviation(walk, window)).toThrow(message);
  expect(() => logReturn(walk, window)).toThrow(RangeError);
});

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sampleDeviation(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Relative agreement from `firstRow` on, and NaN before it. */
function expectClose(own: Float64Array, other: readonly number[], firstRow: number, tolerance: number): void {
  let worst = 0;
  for (let row = firstRow; row < own.length; row++) worst = Math.max(worst, Math.abs(own[row]! / other[row]! - 1));
  expect(worst).toBeLessThan(tolerance);
  expect(Number.isNaN(own[0]!)).toBe(true);
}
