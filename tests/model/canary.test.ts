/**
 * The canary: on a random walk nothing can be predicted, so an evaluation that scores better than chance is broken.
 * Every test here runs the whole way that the shipped pipeline goes: features, labels, split, normalisation fitted on
 * training rows, a model, metrics, gate.
 */
import { describe, expect, test } from 'vitest';
import type { Bars } from '../../model/bars.ts';
import { baseRate, majority } from '../../model/baselines.ts';
import { computeFeatures, defaultFeatureSet, type FeatureSet } from '../../model/features/index.ts';
import { decide } from '../../model/gate/index.ts';
import { direction } from '../../model/labels/index.ts';
import { columnOf, matrixOfColumns, sliceRows, type Matrix } from '../../model/matrix.ts';
import { classificationReport, type ClassificationReport } from '../../model/metrics/index.ts';
import { applyNormalisation, fitNormalisation } from '../../model/normalise.ts';
import { createRandom, permutation } from '../../model/random.ts';
import { splitByTime } from '../../model/splits/index.ts';
import { binomialUpperTail } from '../../model/statistics/index.ts';
import { randomWalk, sp500 } from './sample-bars.ts';
import { fitLogistic, fitNearestNeighbours, type Sample, type TrivialModel } from './trivial-models.ts';

const walks = Array.from({ length: 12 }, (_, at) => randomWalk(1_600, 40 + at));
/** Slow features, in which neighbouring days look alike: the ones that reward a leaking split. */
const slowSet: FeatureSet = {
  features: [
    { kind: 'momentum', parameters: { days: 20 } },
    { kind: 'close-over-sma', parameters: { window: 50 } },
    { kind: 'volatility', parameters: { window: 20 } },
  ],
};

interface Trial {
  readonly report: ClassificationReport;
  readonly decision: ReturnType<typeof decide>;
}

/** Fits on the training rows and scores on the test rows, as the pipeline does. `extend` may add columns. */
function evaluate(
  bars: Bars,
  horizonDays: number,
  fit: (sample: Sample) => TrivialModel,
  set = defaultFeatureSet,
  extend: (features: Matrix) => Matrix = (features) => features,
): Trial {
  const table = computeFeatures(bars, set);
  const features = extend(table.matrix);
  const labels = direction(bars.close, horizonDays);
  const options = { rows: features.rows, firstRow: table.firstComplete, horizonDays, trainShare: 0.6, validationShare: 0.1 };
  const { train, test } = splitByTime(options);
  const normalised = applyNormalisation(features, fitNormalisation(features, train));
  const trainLabels = labels.subarray(train.from, train.to);
  const model = fit({ features: sliceRows(normalised, train.from, train.to), labels: trainLabels });
  const probabilities = model(sliceRows(normalised, test.from, test.to));
  const testLabels = labels.subarray(test.from, test.to);
  const rate = baseRate(trainLabels);
  const decision = decide({
    dates: table.dates.slice(test.from, test.to),
    labels: testLabels,
    horizonDays,
    candidate: { probabilities, trainedUntil: table.dates[train.to - 1 + horizonDays]! },
    baselines: { baseRate: new Float64Array(testLabels.length).fill(rate), majority: majority(rate, testLabels.length).predicted },
  });
  return { report: classificationReport(testLabels, probabilities), decision };
}

const right = ({ confusion }: ClassificationReport): number => confusion.truePositive + confusion.trueNegative;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const withColumn = (features: Matrix, name: string, column: Float64Array): Matrix =>
  matrixOfColumns([...features.names, name], [...features.names.map((other) => columnOf(features, other)), column]);

describe('on random walks', () => {
  const trials = walks.map((walk) => evaluate(walk, 1, fitLogistic));

  test('the direction of the next day is guessed as by a coin', () => {
    const days = trials.reduce((sum, { report }) => sum + report.days, 0);
    const hits = trials.reduce((sum, { report }) => sum + right(report), 0);
    expect(days).toBeGreaterThan(4_000);
    // Either tail of an exact test at one in a thousand.
    expect(binomialUpperTail(hits, days, 0.5)).toBeGreaterThan(0.001);
    expect(binomialUpperTail(days - hits, days, 0.5)).toBeGreaterThan(0.001);
    // The area under the ROC curve has a standard error of about 1 / √(3 · days) under chance.
    expect(Math.abs(mean(trials.map(({ report }) => report.areaUnderRoc!)) - 0.5)).toBeLessThan(3.3 / Math.sqrt(3 * days));
  });

  test('the gate hardly ever sees a model that beats the baselines: 5 % a test are allowed', () => {
    const claims = trials.flatMap(({ decision }) => decision.checks.filter((check) => check.kind === 'superior' && check.passed === true));
    // 24 tests at 5 %: five or more happen to an honest gate less than once in a hundred times.
    expect(binomialUpperTail(5, 24, 0.05)).toBeLessThan(0.01);
    expect(claims.length).toBeLessThan(5);
  });

  test('labels over many days do not leak through the split, whereas a shuffled split is fooled', () => {
    const horizonDays = 20;
    const few = walks.slice(0, 5);
    const honest = mean(few.map((walk) => evaluate(walk, horizonDays, fitNearestNeighbours, slowSet).report.accuracy));
    const shuffled = mean(few.map((walk, at) => shuffledAccuracy(walk, horizonDays, at)));
    // Labels over 20 days leave about 22 independent ones a walk: a standard error of about 5 points over five walks.
    expect(Math.abs(honest - 0.5)).toBeLessThan(0.12);
    expect(shuffled).toBeGreaterThan(0.6);
  });

  test('the canary sings when a feature knows tomorrow', () => {
    const leak = (walk: Bars) => (features: Matrix): Matrix => {
      const tomorrow = walk.close.map((price, row) => (walk.close[row + 1] ?? price) / price - 1);
      const noise = createRandom(9);
      return withColumn(features, 'leak', tomorrow.map((change) => change + 0.01 * noise.normal()));
    };
    const accuracies = walks.slice(0, 3).map((walk) => evaluate(walk, 1, fitLogistic, defaultFeatureSet, leak(walk)).report.accuracy);
    expect(Math.min(...accuracies)).toBeGreaterThan(0.65);
  });
});

test('on the S&P 500 a simple model stays below what would be suspicious', () => {
  const { report, decision } = evaluate(sp500(), 1, fitLogistic);
  expect(report.days).toBeGreaterThan(1_300);
  expect(report.accuracy).toBeGreaterThan(0.46);
  // Above about 56 % next-day accuracy on an index, suspect leakage first.
  expect(report.accuracy).toBeLessThan(0.56);
  expect(decision.reason.length).toBeGreaterThan(0);
});

/** The mistake that the split prevents: rows dealt at random, so that test days lie between training days. */
function shuffledAccuracy(bars: Bars, horizonDays: number, seed: number): number {
  const { matrix, firstComplete } = computeFeatures(bars, slowSet);
  const labels = direction(bars.close, horizonDays);
  const rows = [...permutation(matrix.rows - horizonDays - firstComplete, createRandom(seed))].map((row) => row + firstComplete);
  const cut = Math.floor(rows.length * 0.7);
  const width = matrix.names.length;
  const normalised = applyNormalisation(matrix, fitNormalisation(matrix, { from: firstComplete, to: matrix.rows }));
  const pick = (chosen: readonly number[]): Sample => ({
    features: {
      names: matrix.names,
      rows: chosen.length,
      values: Float64Array.from(chosen.flatMap((row) => [...normalised.values.subarray(row * width, (row + 1) * width)])),
    },
    labels: Float64Array.from(chosen, (row) => labels[row]!),
  });
  const judged = pick(rows.slice(cut));
  return classificationReport(judged.labels, fitNearestNeighbours(pick(rows.slice(0, cut)))(judged.features)).accuracy;
}
