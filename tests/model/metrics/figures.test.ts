import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../dsl/util/index.ts';
import {
  areaUnderRoc,
  brierScore,
  classificationReport,
  forecastFigures,
  logLoss,
  meanAbsoluteError,
  meanSquaredError,
  returnFigures,
  rootMeanSquaredError,
  rSquared,
  simulateTrading,
  tradingFigures,
  tradingReport,
  type Figure,
  type MeasuredFigure,
} from '../../../model/metrics/index.ts';
import { blockLengthFor } from '../../../model/metrics/block-of-days.ts';
import { measureFigures } from '../../../model/metrics/measure.ts';
import { createRandom } from '../../../model/random.ts';
import { stationaryBootstrap } from '../../../model/statistics/index.ts';
import { reference, relative } from '../reference/reference.ts';

const options = { seed: 1, resamples: 200, horizonDays: 1 };
const measured = (figure: Figure): MeasuredFigure => {
  if (figure.kind !== 'measured') throw new Error(figure.reason);
  return figure;
};

describe('figures of a forecast', () => {
  const { labels, probabilities } = reference.classification;

  test('are those of scikit-learn', () => {
    const figures = forecastFigures(labels, probabilities, options);
    for (const name of ['balancedAccuracy', 'matthewsCorrelation', 'areaUnderRoc', 'brierScore', 'logLoss'] as const) {
      expect(relative(measured(figures[name]).value, reference.classification[name]), name).toBeLessThan(1e-12);
    }
  });

  test('are those of the report, and lie within their intervals', () => {
    const figures = forecastFigures(labels, probabilities, options);
    const report = classificationReport(labels, probabilities);
    for (const name of ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1', 'matthewsCorrelation', 'areaUnderRoc', 'brierScore', 'logLoss'] as const) {
      const { value, interval, standardError } = measured(figures[name]);
      expect(value, name).toBeCloseTo(report[name]!, 12);
      expect(interval!.lower <= value && value <= interval!.upper, name).toBe(true);
      expect(standardError, name).toBeGreaterThan(0);
    }
  });

  test('have the interval that a bootstrap of the same days gives to a daily mean', () => {
    const hits = Float64Array.from(labels, (label, day) => (label === (probabilities[day]! >= 0.5 ? 1 : 0) ? 1 : 0));
    const { lower, upper, standardError } = stationaryBootstrap(hits, { ...options, confidence: 0.95, meanBlockLength: 3 });
    const figure = measured(forecastFigures(labels, probabilities, { ...options, meanBlockLength: 3 }).accuracy);
    expect(figure.interval!.lower).toBeCloseTo(lower, 12);
    expect(figure.interval!.upper).toBeCloseTo(upper, 12);
    expect(figure.standardError).toBeCloseTo(standardError, 12);
  });

  test('are the same for the same seed, and narrower with less confidence', () => {
    const own = forecastFigures(labels, probabilities, options);
    expect(forecastFigures(labels, probabilities, options)).toEqual(own);
    expect(canonicalJson(own)).toContain('"standardError"');
    const width = (figure: Figure): number => measured(figure).interval!.upper - measured(figure).interval!.lower;
    expect(width(forecastFigures(labels, probabilities, { ...options, confidence: 0.5 }).accuracy)).toBeLessThan(width(own.accuracy));
  });

  test.each<[string, number[], number[], Record<string, string>]>([
    ['only up days', [1, 1, 1], [0.6, 0.7, 0.4], { balancedAccuracy: 'only up days happened', areaUnderRoc: 'only up days happened', matthewsCorrelation: 'only up days happened' }],
    ['no up day', [0, 0, 0], [0.6, 0.7, 0.4], { recall: 'no day went up', areaUnderRoc: 'no day went up' }],
    ['one forecast', [0, 1, 0], [0.6, 0.7, 0.8], { matthewsCorrelation: 'only up was predicted' }],
    ['never up', [0, 1, 0], [0.2, 0.3, 0.4], { precision: 'up was never predicted', matthewsCorrelation: 'only not up was predicted' }],
    ['nothing up', [0, 0], [0.2, 0.3], { f1: 'up was neither predicted nor happened' }],
  ])('say why they do not exist: %s', (_, happened, given, reasons) => {
    const figures: Readonly<Record<string, Figure>> = forecastFigures(happened, given, options);
    for (const [name, reason] of Object.entries(reasons)) expect(figures[name], name).toEqual({ kind: 'undefined', reason });
    expect(figures['accuracy']!.kind).toBe('measured');
  });

  test('have no interval when most resamples cannot have the figure, and say so', () => {
    // One day in sixty went up: every third resample has none.
    const rare = Array.from({ length: 60 }, (_, day) => (day === 30 ? 1 : 0));
    const figure = measured(forecastFigures(rare, rare.map((_, day) => day / 60), options).areaUnderRoc);
    expect(figure).toMatchObject({ interval: null, standardError: null });
    expect(figure.note).toMatch(/^it does not exist in \d+ of 200 resamples$/);
    expect(measured(forecastFigures([1], [0.7], options).accuracy)).toEqual({ kind: 'measured', value: 1, interval: null, standardError: null, note: 'one day has no interval' });
  });

  test('cover the truth about as often as they say, on days that depend on each other', () => {
    // Streaks: a day repeats the one before it with 70 %, and half of all days go up.
    const random = createRandom(5);
    const share = { of: (days: Float64Array) => days.reduce((sum, up) => sum + up, 0) / days.length, whyUndefined: () => '' };
    const misses = (streaks: Float64Array, seed: number, meanBlockLength: number): boolean => {
      const given = { seed, resamples: 200, meanBlockLength };
      const { lower, upper } = measured(measureFigures({ share }, streaks.length, given, (drawn) => Float64Array.from(drawn, (day) => streaks[day]!)).share).interval!;
      return lower > 0.5 || upper < 0.5;
    };
    let [blocks, singles] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      let up = random.uniform() < 0.5;
      const streaks = Float64Array.from({ length: 300 }, () => ((up = random.uniform() < 0.7 ? up : !up) ? 1 : 0));
      if (misses(streaks, trial, blockLengthFor([streaks], 1))) blocks++;
      if (misses(streaks, trial, 1)) singles++;
    }
    // 5 % of 60 is 3, and blocks are a little optimistic; single days miss in about one case in five.
    expect(blocks).toBeLessThan(11);
    expect(singles).toBeGreaterThan(blocks);
  });

  test('refuse what is no forecast', () => {
    expect(() => forecastFigures([], [], options)).toThrow(new RangeError('A score needs at least one day; got none.'));
    expect(() => forecastFigures([1, 0], [0.5, 1.5], options)).toThrow(RangeError);
    expect(() => forecastFigures([1, 0], [0.5, 0.5], { ...options, confidence: 2 })).toThrow(new RangeError('A confidence lies between 0 and 1; got 2.'));
  });

  test('do not depend on the order in which their days are sorted', () => {
    const day = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(fc.array(day, { minLength: 2, maxLength: 40 }), (days) => {
        const happened = days.map(([label]) => label);
        const given = days.map(([, step]) => step / 20);
        const figures = forecastFigures(happened, given, { ...options, resamples: 100 });
        expect(measured(figures.brierScore).value).toBeCloseTo(brierScore(happened, given), 12);
        expect(measured(figures.logLoss).value).toBeCloseTo(logLoss(happened, given), 12);
        const area = areaUnderRoc(happened, given);
        expect(figures.areaUnderRoc.kind).toBe(area === null ? 'undefined' : 'measured');
        if (area !== null) expect(measured(figures.areaUnderRoc).value).toBeCloseTo(area, 12);
      }),
      { numRuns: 15 },
    );
  });
});

describe('figures of returns', () => {
  const { actual, predicted, ...expected } = reference.regression;

  test('are those of scikit-learn', () => {
    expect(relative(meanAbsoluteError(actual, predicted), expected.meanAbsoluteError)).toBeLessThan(1e-12);
    expect(relative(meanSquaredError(actual, predicted), expected.meanSquaredError)).toBeLessThan(1e-12);
    expect(rootMeanSquaredError(actual, predicted) ** 2).toBeCloseTo(expected.meanSquaredError, 12);
    expect(relative(rSquared(actual, predicted)!, expected.rSquared)).toBeLessThan(1e-10);
    const figures = returnFigures(actual, predicted, options);
    expect(measured(figures.rSquared).value).toBeCloseTo(expected.rSquared, 12);
    expect(measured(figures.rootMeanSquaredError).interval!.lower).toBeLessThan(Math.sqrt(expected.meanSquaredError));
  });

  test('judge R² against what was known before', () => {
    // The mean of these days, 2, is no news to a benchmark that said 2; against 0 the same forecast looks good.
    expect(rSquared([1, 2, 3], [2, 2, 2], 2)).toBe(0);
    expect(rSquared([1, 2, 3], [2, 2, 2], 0)).toBeCloseTo(1 - 2 / 14, 12);
    expect(rSquared([1, 2, 3], [3, 3, 3])).toBeLessThan(0);
  });

  test('know no R² without variation, and refuse what is not finite', () => {
    expect(rSquared([0.1, 0.1, 0.1], [0.2, 0.1, 0])).toBeNull();
    expect(returnFigures([0.1, 0.1, 0.1], [0.2, 0.1, 0], options).rSquared).toEqual({ kind: 'undefined', reason: 'the returns never vary' });
    expect(() => meanAbsoluteError([1, NaN], [1, 1])).toThrow(new RangeError('Day 1 has the value NaN and the prediction 1; both must be finite numbers.'));
    expect(() => meanSquaredError([], [])).toThrow(RangeError);
    expect(() => rSquared([1], [1, 2])).toThrow(new RangeError('A score needs as many predictions as values; got 2 and 1.'));
    expect(() => rSquared([1, 2], [1, 2], NaN)).toThrow(new RangeError('The benchmark of R² is NaN; it must be a finite number.'));
  });
});

describe('figures of a strategy', () => {
  const daily = reference.moments.daily;
  const run = simulateTrading(daily.map((_, day) => (day % 10 < 7 ? 1 : 0)), daily, 2);

  test('are those of the report, with intervals', () => {
    const figures = tradingFigures(run, options);
    const report = tradingReport(run);
    for (const name of ['totalReturn', 'meanDailyReturn', 'sharpeRatio', 'maximumDrawdown', 'dailyTurnover'] as const) {
      expect(measured(figures[name]).value, name).toBeCloseTo(report[name]!, 12);
      expect(measured(figures[name]).standardError, name).toBeGreaterThan(0);
    }
  });

  test('have no Sharpe ratio when nothing varies', () => {
    const idle = tradingFigures(simulateTrading([0, 0, 0], [0.1, 0.2, -0.1], 1), options);
    expect(idle.sharpeRatio).toEqual({ kind: 'undefined', reason: 'the profits never vary' });
    expect(idle.totalReturn).toMatchObject({ kind: 'measured', value: 0, interval: { lower: 0, upper: 0 } });
    expect(tradingFigures(simulateTrading([1], [0.1], 0), options).sharpeRatio).toEqual({ kind: 'undefined', reason: 'one day does not vary' });
  });
});
