import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import {
  daysToShowSharpe,
  deflatedSharpe,
  estimateSharpe,
  expectedMaximum,
  probabilisticSharpe,
  sharpeError,
} from '../../../model/statistics/index.ts';
import { reference } from '../reference/reference.ts';
import { expectSize } from './size.ts';

const normal = { skewness: 0, kurtosis: 3 };

describe('the standard error of a Sharpe ratio', () => {
  // A. W. Lo, Financial Analysts Journal 58 (2002), table 1; he divides by T and not by T − 1.
  test.each([
    [0.5, 12, 0.306],
    [1, 24, 0.25],
    [2, 60, 0.224],
    [3, 500, 0.105],
  ])('of %d over %d independent normal days is %d', (ratio, days, error) => {
    expect(sharpeError({ ratio, days: days + 1, ...normal })).toBeCloseTo(error, 3);
  });

  test('is how much the ratio varies over simulated skewed days', () => {
    const random = createRandom(31);
    const ratios: number[] = [];
    let errors = 0;
    for (let trial = 0; trial < 600; trial++) {
      // Mostly small gains and rare large losses: skewness about −1.5.
      const estimate = estimateSharpe(Float64Array.from({ length: 300 }, () => 0.6 + random.normal() - (random.uniform() < 0.05 ? 5 : 0)));
      if (estimate.kind !== 'estimated') continue;
      ratios.push(estimate.ratio);
      errors += estimate.standardError / 600;
    }
    const centre = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    const deviation = Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - centre) ** 2, 0) / ratios.length);
    expect(ratios).toHaveLength(600);
    expect(Math.abs(errors / deviation - 1)).toBeLessThan(0.1);
  });

  test('says why a ratio is missing', () => {
    expect(estimateSharpe([0.1])).toEqual({ kind: 'undefined', reason: '1 day is too few' });
    expect(estimateSharpe([])).toEqual({ kind: 'undefined', reason: 'no days are too few' });
    expect(estimateSharpe([0.1, 0.1, 0.1])).toEqual({ kind: 'undefined', reason: 'the profits never vary' });
    expect(() => sharpeError({ ratio: 1, days: 10, skewness: 3, kurtosis: 3 })).toThrow(
      new RangeError('No series has the skewness 3 and the kurtosis 3: kurtosis is at least skewness² + 1.'),
    );
    expect(() => sharpeError({ ratio: 1, days: 1, ...normal })).toThrow(RangeError);
  });

  test('exists for every series that varies', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 30 }), (daily) => {
        const estimate = estimateSharpe(daily);
        expect(estimate.kind).toBe(new Set(daily).size > 1 ? 'estimated' : 'undefined');
        if (estimate.kind === 'estimated') expect(estimate.standardError).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(estimateSharpe(reference.moments.daily)).toMatchObject({ kind: 'estimated', days: 250 });
  });
});

describe('the probabilistic Sharpe ratio', () => {
  test('is the published one of a hedge fund over two years of months', () => {
    // Bailey and López de Prado, Journal of Risk 15 (2012): 0.458 a month; 0.982 as if normal, 0.913 as it is.
    const fund = { ratio: 0.458, days: 24 };
    expect(probabilisticSharpe({ ...fund, ...normal })).toBeCloseTo(0.982, 3);
    expect(probabilisticSharpe({ ...fund, skewness: -2.448, kurtosis: 10.164 })).toBeCloseTo(0.913, 3);
  });

  test('is one half at the benchmark, and the minimum track record reaches its confidence', () => {
    const shape = { ratio: 0.06, skewness: -0.5, kurtosis: 6 };
    expect(probabilisticSharpe({ ...shape, days: 500 }, 0.06)).toBe(0.5);
    const days = daysToShowSharpe(shape, 0.01, 0.95);
    expect(probabilisticSharpe({ ...shape, days }, 0.01)).toBeGreaterThanOrEqual(0.95);
    expect(probabilisticSharpe({ ...shape, days: days - 2 }, 0.01)).toBeLessThan(0.95);
    expect(daysToShowSharpe(shape, 0.06, 0.95)).toBe(Infinity);
  });
});

describe('the deflated Sharpe ratio', () => {
  // Bailey and López de Prado, Journal of Portfolio Management 40 (2014), "A numerical example": 2.5 a year over five
  // years of 250 days, skewness −3, kurtosis 10; the ratios of the trials have the variance 1/2 a year.
  const example = { ratio: 2.5 / Math.sqrt(250), days: 1_250, skewness: -3, kurtosis: 10 };
  const spread = Math.sqrt(0.5 / 250);

  test('is the published one: 0.90 after 100 trials, 0.95 after 46', () => {
    const { benchmark, probability, trials } = deflatedSharpe(example, 100, spread);
    expect([benchmark, probability]).toEqual([expect.closeTo(0.1132, 4), expect.closeTo(0.9004, 4)]);
    expect(trials).toBe(100);
    expect(deflatedSharpe(example, 46, spread).probability).toBeCloseTo(0.9505, 4);
  });

  test('expects more of the best of many', () => {
    // The figures of Pipewright's reference page, computed from the same formula elsewhere.
    for (const [trials, most] of [[10, 1.58], [40, 2.19], [100, 2.53], [1_000, 3.26]] as const) expect(expectedMaximum(trials)).toBeCloseTo(most, 1);
    expect(expectedMaximum(1)).toBe(0);
    const year = { ratio: 1 / Math.sqrt(252), days: 504, skewness: -0.5, kurtosis: 6 };
    expect(probabilisticSharpe(year)).toBeCloseTo(0.92, 2);
    expect(deflatedSharpe(year, 20).probability).toBeCloseTo(0.32, 2);
    expect(deflatedSharpe(year, 1).probability).toBe(probabilisticSharpe(year));
  });

  test('falls with every further trial', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 500 }), (trials, more) => {
        expect(deflatedSharpe(example, trials + more, spread).probability).toBeLessThan(deflatedSharpe(example, trials, spread).probability);
      }),
    );
  });

  test('is hardly ever above 95 % for the best of strategies without skill', () => {
    const random = createRandom(41);
    const alarmsOf = (experiments: number, trials: number): number => {
      let alarms = 0;
      for (let experiment = 0; experiment < experiments; experiment++) {
        const estimates = Array.from({ length: trials }, () => estimateSharpe(Float64Array.from({ length: 120 }, () => random.normal())));
        const best = estimates.flatMap((estimate) => (estimate.kind === 'estimated' ? [estimate] : [])).sort((a, b) => b.ratio - a.ratio)[0]!;
        if (deflatedSharpe(best, trials).probability > 0.95) alarms++;
      }
      return alarms;
    };
    expectSize(alarmsOf(800, 1), 800, 0.05);
    expectSize(alarmsOf(300, 20), 300, 0.05, 'atMost');
  });

  test('refuses no trials and a spread below 0', () => {
    expect(() => deflatedSharpe(example, 0)).toThrow(new RangeError('Trials are a whole number of 1 or more; got 0.'));
    expect(() => deflatedSharpe(example, 2, -1)).toThrow(new RangeError('The spread of Sharpe ratios is 0 or more; got -1.'));
  });
});
