import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brierScore, calibrationBins, calibrationErrorByChance, debiasedCalibrationError, debiasedSquare, decomposeBrier, expectedCalibrationError } from '../../../model/metrics/index.ts';
import { createRandom } from '../../../model/random.ts';
import { expectSize } from '../statistics/size.ts';

const days = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 60 });

describe('bins of an equal count', () => {
  test('hold as many days each, and keep equal probabilities together', () => {
    const probabilities = [0.51, 0.52, 0.53, 0.53, 0.53, 0.54, 0.55, 0.56];
    const bins = calibrationBins([0, 1, 0, 1, 1, 0, 1, 1], probabilities, 4, 'equal count');
    expect(bins.map((bin) => bin.days)).toEqual([2, 3, 1, 2]);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([[0.51, 0.52], [0.53, 0.53], [0.54, 0.54], [0.55, 0.56]]);
    expect(bins[1]).toMatchObject({ predicted: expect.closeTo(0.53, 12), observed: 2 / 3 });
    // Equal width sees one bin here: a forecast that tells days apart by little looks as if it told none apart.
    expect(calibrationBins([0, 1, 0, 1, 1, 0, 1, 1], probabilities, 4).filter((bin) => bin.days > 0)).toHaveLength(1);
  });

  test('put equal probabilities where their middle lies', () => {
    expect(calibrationBins([0, 1, 0, 1, 0, 1], [0.1, 0.5, 0.5, 0.5, 0.5, 0.9], 2, 'equal count').map((bin) => bin.days)).toEqual([1, 5]);
    expect(calibrationBins([0, 1, 0], [0.5, 0.5, 0.5], 4, 'equal count').map((bin) => bin.days)).toEqual([3]);
  });

  test('hold every day once, whatever the binning', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 12 }), fc.constantFrom('equal width' as const, 'equal count' as const), (given, count, binning) => {
        const bins = calibrationBins(given.map(([label]) => label), given.map(([, probability]) => probability), count, binning);
        expect(bins.reduce((sum, bin) => sum + bin.days, 0)).toBe(given.length);
      }),
    );
  });
});

describe('the parts of the Brier score', () => {
  test("are Murphy's, worked by hand", () => {
    // Two probabilities. At 0.2: 1 of 4 up; at 0.8: 2 of 2 up. Base rate 1/2.
    const parts = decomposeBrier([0, 0, 0, 1, 1, 1], [0.2, 0.2, 0.2, 0.2, 0.8, 0.8], 5);
    expect(parts.reliability).toBeCloseTo((4 * 0.05 ** 2 + 2 * 0.2 ** 2) / 6, 12);
    expect(parts.resolution).toBeCloseTo((4 * 0.25 ** 2 + 2 * 0.5 ** 2) / 6, 12);
    expect(parts.uncertainty).toBeCloseTo(0.25, 12);
    expect(parts.withinBins).toBeCloseTo(0, 12);
    expect(parts.score).toBeCloseTo((3 * 0.04 + 0.64 + 2 * 0.04) / 6, 12);
  });

  test('add up to the score for any probabilities and any bins', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 12 }), fc.constantFrom('equal width' as const, 'equal count' as const), (given, count, binning) => {
        const labels = given.map(([label]) => label);
        const probabilities = given.map(([, probability]) => probability);
        const { score, reliability, resolution, uncertainty, withinBins } = decomposeBrier(labels, probabilities, count, binning);
        expect(score).toBeCloseTo(brierScore(labels, probabilities), 12);
        expect(reliability - resolution + uncertainty + withinBins).toBeCloseTo(score, 10);
      }),
    );
  });
});

describe('the calibration error by chance', () => {
  const drawn = (seed: number, count: number, bias: number): { labels: number[]; probabilities: number[] } => {
    const random = createRandom(seed);
    const probabilities = Array.from({ length: count }, () => 0.35 + 0.3 * random.uniform());
    return { labels: probabilities.map((probability) => (random.uniform() < probability + bias ? 1 : 0)), probabilities };
  };

  test('is what calibrated forecasts show on few days', () => {
    const { labels, probabilities } = drawn(1, 250, 0);
    const { error, byChance, probability } = calibrationErrorByChance(labels, probabilities, { seed: 1, simulations: 300 });
    expect(error).toBe(expectedCalibrationError(calibrationBins(labels, probabilities)));
    expect(byChance).toBeGreaterThan(0.02);
    expect(probability).toBeGreaterThan(0.01);
    // Four times the days, half the error.
    const more = calibrationErrorByChance(drawn(1, 1_000, 0).labels, drawn(1, 1_000, 0).probabilities, { seed: 1, simulations: 300 });
    expect(byChance / more.byChance).toBeGreaterThan(1.7);
    expect(byChance / more.byChance).toBeLessThan(2.4);
  });

  test('keeps its level and sees a forecast that is off by 10 points', () => {
    let [alarms, seen] = [0, 0];
    for (let trial = 0; trial < 200; trial++) {
      const honest = drawn(100 + trial, 200, 0);
      if (calibrationErrorByChance(honest.labels, honest.probabilities, { seed: trial, simulations: 100, binning: 'equal count', bins: 5 }).probability <= 0.05) alarms++;
    }
    for (let trial = 0; trial < 20; trial++) {
      const biased = drawn(500 + trial, 400, 0.1);
      if (calibrationErrorByChance(biased.labels, biased.probabilities, { seed: trial, simulations: 100 }).probability <= 0.05) seen++;
    }
    expectSize(alarms, 200, 0.05);
    expect(seen).toBeGreaterThan(16);
  });

  test('needs enough simulations', () => {
    expect(() => calibrationErrorByChance([1], [0.5], { seed: 1, simulations: 10 })).toThrow(new RangeError('Chance needs 100 simulations or more; got 10.'));
  });
});

describe('the debiased calibration error', () => {
  test('takes off what few days a bin bring by themselves', () => {
    const bins = [
      { from: 0, to: 0.5, days: 11, predicted: 0.3, observed: 5 / 11 },
      { from: 0.5, to: 1, days: 21, predicted: 0.7, observed: 2 / 3 },
    ];
    // By hand: 11/32 · ((0.3 − 5/11)² − (5/11 · 6/11)/10) + 21/32 · ((0.7 − 2/3)² − (2/9)/20).
    const square = (11 / 32) * ((0.3 - 5 / 11) ** 2 - 30 / 1210) + (21 / 32) * ((0.7 - 2 / 3) ** 2 - 2 / 180);
    expect(debiasedSquare(bins)).toBeCloseTo(square, 15);
    expect(square).toBeLessThan(0);
    expect(debiasedCalibrationError(bins)).toBe(0);
    expect(debiasedCalibrationError([{ ...bins[0]!, days: 1_100, observed: 0.5 }])).toBeCloseTo(Math.sqrt(0.04 - 0.25 / 1_099), 15);
    expect(debiasedCalibrationError([{ ...bins[0]!, days: 1 }])).toBeNull();
  });

  test('is 0 on average in a calibrated model, where the other is not', () => {
    let [square, plain] = [0, 0];
    const samples = 400;
    for (let seed = 1; seed <= samples; seed++) {
      const random = createRandom(seed);
      const probabilities = Array.from({ length: 200 }, () => 0.4 + 0.2 * random.uniform());
      const labels = probabilities.map((probability) => (random.uniform() < probability ? 1 : 0));
      const bins = calibrationBins(labels, probabilities, 10, 'equal count');
      square += debiasedSquare(bins)! / samples;
      plain += expectedCalibrationError(bins) / samples;
    }
    // A square has a deviation of about √(2 · 10) · 0.25 / 200 a sample.
    expect(Math.abs(square)).toBeLessThan((3.3 * Math.sqrt(20) * 0.25) / 200 / Math.sqrt(samples));
    expect(plain).toBeGreaterThan(0.05);
  });
});
