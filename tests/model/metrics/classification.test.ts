import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  areaUnderRoc,
  balancedAccuracy,
  brierScore,
  calibrationBins,
  classificationReport,
  confusionMatrix,
  dailyLogLoss,
  expectedCalibrationError,
  f1,
  logLoss,
  matthewsCorrelation,
  precision,
  predictedClasses,
  recall,
  rocPoints,
} from '../../../model/metrics/index.ts';
import { canonicalJson } from '../../../dsl/util/index.ts';

/** Days with a label and a probability in steps of 1/64, so that ties happen and 1 − p is exact. */
const scored = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 64 })), { minLength: 2, maxLength: 60 })
  .map((days) => ({ labels: days.map(([label]) => label), scores: days.map(([, step]) => step / 64) }));
const bothClasses = scored.filter(({ labels }) => labels.includes(0) && labels.includes(1));

describe('classes', () => {
  // 3 true and 1 false positive, 4 true and 2 false negatives.
  const days = { truePositive: 3, falsePositive: 1, trueNegative: 4, falseNegative: 2 };

  test('have the hand-worked scores', () => {
    expect(accuracy(days)).toBe(0.7);
    expect(precision(days)).toBe(3 / 4);
    expect(recall(days)).toBe(3 / 5);
    expect(f1(days)).toBeCloseTo((2 * 0.75 * 0.6) / (0.75 + 0.6), 12);
    expect(balancedAccuracy(days)).toBeCloseTo((3 / 5 + 4 / 5) / 2, 12);
    expect(matthewsCorrelation(days)).toBeCloseTo((3 * 4 - 1 * 2) / Math.sqrt(4 * 5 * 5 * 6), 12);
  });

  test("have the scores of scikit-learn's examples", () => {
    // balanced_accuracy_score and matthews_corrcoef, as in the reference documentation.
    expect(balancedAccuracy(confusionMatrix([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1]))).toBe(0.625);
    expect(matthewsCorrelation(confusionMatrix([1, 1, 1, 0], [1, 0, 1, 1]))).toBeCloseTo(-1 / 3, 12);
  });

  test('are counted and cut at one half', () => {
    expect(confusionMatrix([1, 1, 1, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 1, 1])).toEqual({ truePositive: 2, falsePositive: 2, trueNegative: 4, falseNegative: 1 });
    expect([...predictedClasses([0.49, 0.5, 0.51])]).toEqual([0, 1, 1]);
    expect([...predictedClasses([0.49, 0.5, 0.51], 0.51)]).toEqual([0, 0, 1]);
  });

  test('leave undefined scores empty', () => {
    const neverUp = confusionMatrix([0, 0], [0, 0]);
    expect([precision(neverUp), recall(neverUp), f1(neverUp), balancedAccuracy(neverUp), matthewsCorrelation(neverUp)]).toEqual([null, null, null, null, 0]);
  });

  test('keep their symmetries: swapping the classes swaps nothing but the names', () => {
    fc.assert(
      fc.property(scored, ({ labels, scores }) => {
        const predicted = predictedClasses(scores);
        const own = confusionMatrix(labels, predicted);
        const swapped = confusionMatrix(labels.map((label) => 1 - label), predicted.map((label) => 1 - label));
        expect([swapped.truePositive, swapped.falsePositive]).toEqual([own.trueNegative, own.falseNegative]);
        expect(accuracy(swapped)).toBe(accuracy(own));
        expect(matthewsCorrelation(swapped)).toBeCloseTo(matthewsCorrelation(own), 12);
        const inverted = confusionMatrix(labels, predicted.map((label) => 1 - label));
        expect(accuracy(inverted)).toBeCloseTo(1 - accuracy(own), 12);
        expect(matthewsCorrelation(inverted)).toBeCloseTo(-matthewsCorrelation(own), 12);
      }),
    );
  });
});

describe('the ROC curve', () => {
  const labels = [0, 0, 1, 1];
  const scores = [0.1, 0.4, 0.35, 0.8];

  test("is scikit-learn's example", () => {
    expect(areaUnderRoc(labels, scores)).toBe(0.75);
    expect(rocPoints(labels, scores)).toEqual([
      { threshold: null, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 0.8, falsePositiveRate: 0, truePositiveRate: 0.5 },
      { threshold: 0.4, falsePositiveRate: 0.5, truePositiveRate: 0.5 },
      { threshold: 0.35, falsePositiveRate: 0.5, truePositiveRate: 1 },
      { threshold: 0.1, falsePositiveRate: 1, truePositiveRate: 1 },
    ]);
  });

  test('counts a tie half', () => {
    expect(areaUnderRoc([0, 1], [0.3, 0.3])).toBe(0.5);
    // Pairs of up and other: 0.5 wins against 0.2, ties with 0.5; 0.5 again: 3 of 4.
    expect(areaUnderRoc([0, 0, 1, 1], [0.2, 0.5, 0.5, 0.5])).toBe(0.75);
  });

  test('has the area of its definition: wins plus half the ties over all pairs', () => {
    fc.assert(
      fc.property(bothClasses, (days) => {
        let wins = 0;
        let pairs = 0;
        for (const [up, label] of days.labels.entries()) {
          for (const [other, otherLabel] of days.labels.entries()) {
            if (label !== 1 || otherLabel !== 0) continue;
            pairs++;
            wins += days.scores[up]! > days.scores[other]! ? 1 : days.scores[up] === days.scores[other] ? 0.5 : 0;
          }
        }
        expect(areaUnderRoc(days.labels, days.scores)).toBeCloseTo(wins / pairs, 12);
      }),
    );
  });

  test('keeps its area under every rising map and turns it over with the scores', () => {
    fc.assert(
      fc.property(bothClasses, (days) => {
        const area = areaUnderRoc(days.labels, days.scores)!;
        expect(areaUnderRoc(days.labels, days.scores.map((score) => Math.exp(3 * score) - 7))).toBeCloseTo(area, 12);
        expect(areaUnderRoc(days.labels, days.scores.map((score) => 1 - score))).toBeCloseTo(1 - area, 12);
        expect(areaUnderRoc(days.labels.map((label) => 1 - label), days.scores)).toBeCloseTo(1 - area, 12);
      }),
    );
  });

  test('has the area under its points, by trapezoids, and rises from (0, 0) to (1, 1)', () => {
    fc.assert(
      fc.property(bothClasses, (days) => {
        const points = rocPoints(days.labels, days.scores);
        let area = 0;
        for (const [at, point] of points.entries()) {
          const before = points[at - 1];
          if (!before) continue;
          expect(point.falsePositiveRate).toBeGreaterThanOrEqual(before.falsePositiveRate);
          expect(point.truePositiveRate).toBeGreaterThanOrEqual(before.truePositiveRate);
          area += ((point.falsePositiveRate - before.falsePositiveRate) * (point.truePositiveRate + before.truePositiveRate)) / 2;
        }
        expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        expect(area).toBeCloseTo(areaUnderRoc(days.labels, days.scores)!, 12);
      }),
    );
  });

  test('does not exist for one class', () => {
    expect(areaUnderRoc([1, 1], [0.2, 0.3])).toBeNull();
    expect(rocPoints([0], [0.2])).toEqual([]);
  });
});

describe('probabilities', () => {
  test("have the scores of scikit-learn's examples", () => {
    expect(brierScore([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3])).toBeCloseTo(0.0375, 12);
    // log_loss: spam, ham, ham, spam with P(spam) = 0.9, 0.1, 0.2, 0.65.
    expect(logLoss([1, 0, 0, 1], [0.9, 0.1, 0.2, 0.65])).toBeCloseTo(0.21616, 5);
  });

  test('cost ln 2 a day at one half, and a wrong certainty is dear but finite', () => {
    expect([...dailyLogLoss([0, 1], [0.5, 0.5])]).toEqual([Math.LN2, Math.LN2]);
    expect(logLoss([0], [1])).toBeCloseTo(-Math.log(1e-7), 6);
    expect(logLoss([1], [1])).toBeCloseTo(0, 6);
  });

  test('score best at the true share: both scores are proper', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 19 }), (ups, step) => {
        const labels = Array.from({ length: 20 }, (_, day) => (day < ups ? 1 : 0));
        const scores = (probability: number): number[] => labels.map(() => probability);
        expect(logLoss(labels, scores(ups / 20))).toBeLessThanOrEqual(logLoss(labels, scores(step / 20)) + 1e-12);
        expect(brierScore(labels, scores(ups / 20))).toBeLessThanOrEqual(brierScore(labels, scores(step / 20)) + 1e-12);
      }),
    );
  });

  test("are binned as in scikit-learn's calibration_curve example", () => {
    const bins = calibrationBins([0, 0, 0, 0, 1, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.65, 0.7, 0.8, 0.9, 1], 3);
    expect(bins.map((bin) => bin.days)).toEqual([3, 2, 4]);
    expect(bins.map((bin) => bin.observed)).toEqual([0, 0.5, 1]);
    [0.2, 0.525, 0.85].forEach((predicted, at) => expect(bins[at]!.predicted).toBeCloseTo(predicted, 12));
    // (3 · 0.2 + 2 · 0.025 + 4 · 0.15) / 9.
    expect(expectedCalibrationError(bins)).toBeCloseTo(1.25 / 9, 12);
  });

  test('fall into every bin once, the probability 1 into the last', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 20 }), ({ labels, scores }, count) => {
        const bins = calibrationBins(labels, scores, count);
        expect(bins.reduce((sum, bin) => sum + bin.days, 0)).toBe(labels.length);
        expect(expectedCalibrationError(bins)).toBeGreaterThanOrEqual(0);
        for (const bin of bins) {
          if (bin.predicted === null) continue;
          expect(bin.predicted).toBeGreaterThanOrEqual(bin.from - 1e-12);
          expect(bin.predicted).toBeLessThanOrEqual(bin.to + 1e-12);
        }
      }),
    );
    expect(calibrationBins([1], [1], 4).map((bin) => bin.days)).toEqual([0, 0, 0, 1]);
  });
});

describe('the report', () => {
  test('gathers the figures of a day-by-day forecast as plain JSON', () => {
    const report = classificationReport([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]);
    expect(report).toMatchObject({ days: 4, upShare: 0.5, accuracy: 1, areaUnderRoc: 1, f1: 1, matthewsCorrelation: 1 });
    expect(report.accuracyInterval.lower).toBeCloseTo(0.5101, 4);
    expect(report.brierScore).toBeCloseTo(0.0375, 12);
    expect(() => canonicalJson(report)).not.toThrow();
  });

  test('of one day leaves out what one class cannot tell', () => {
    const report = classificationReport([1], [0.6]);
    expect(report).toMatchObject({ days: 1, accuracy: 1, areaUnderRoc: null, balancedAccuracy: null });
    expect(() => canonicalJson(report)).not.toThrow();
  });
});

describe('broken input is refused', () => {
  test.each([
    [[], [], 'A score needs at least one day; got none.'],
    [[0, 2], [0.1, 0.2], 'The label of day 1 is 2; it must be 0 or 1.'],
    [[0, NaN], [0.1, 0.2], 'The label of day 1 is NaN; it must be 0 or 1.'],
    [[0, 1], [0.1], 'A score needs as many predictions as labels; got 1 and 2.'],
    [[0, 1], [0.1, NaN], 'The prediction of day 1 is NaN; it must be a finite number.'],
    [[0, 1], [0.1, 1.5], 'The prediction of day 1 is 1.5; a probability lies between 0 and 1.'],
  ])('labels %j with probabilities %j', (labels, probabilities, message) => {
    for (const score of [classificationReport, brierScore, logLoss, calibrationBins]) {
      expect(() => score(labels, probabilities)).toThrow(new RangeError(message));
    }
  });

  test('elsewhere, too', () => {
    expect(() => areaUnderRoc([0, 1], [0, NaN])).toThrow(RangeError);
    expect(() => rocPoints([], [])).toThrow(RangeError);
    expect(() => confusionMatrix([0, 1], [0])).toThrow('A score needs as many predictions as labels; got 1 and 2.');
    expect(() => predictedClasses([NaN])).toThrow('The prediction of day 0 is NaN; it must be a number.');
    expect(() => calibrationBins([1], [1], 0)).toThrow('A calibration table needs 1 bin or more; got 0.');
  });
});
