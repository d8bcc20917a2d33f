import { describe, expect, test } from 'vitest';
import { baseRateRandom, laggedLogistic } from '../../../model/baselines.ts';
import { fitLogistic, predictLogistic } from '../../../model/baselines/logistic.ts';
import { direction } from '../../../model/labels/index.ts';
import { matrixOfColumns } from '../../../model/matrix.ts';
import { createRandom } from '../../../model/random.ts';
import { reference, relative } from '../reference/reference.ts';

describe('logistic regression', () => {
  const series = reference.series[reference.logistic.series]!;
  const features = matrixOfColumns(['one', 'two'], [series.slice(1, -1), series.slice(0, -2)]);
  const labels = series.slice(2).map((value) => (value > 0 ? 1 : 0));

  test('has the parameters of scikit-learn', () => {
    const { intercept, weights } = fitLogistic(features, labels, reference.logistic.penalty);
    expect(relative(intercept, reference.logistic.intercept)).toBeLessThan(1e-6);
    for (const [at, weight] of reference.logistic.weights.entries()) expect(relative(weights[at]!, weight)).toBeLessThan(1e-6);
  });

  test('is at a minimum: residuals add up to nothing, and against each feature to its penalty', () => {
    const fit = fitLogistic(features, labels, 2);
    const residuals = predictLogistic(fit, features).map((probability, row) => probability - labels[row]!);
    expect(residuals.reduce((sum, residual) => sum + residual, 0)).toBeCloseTo(0, 8);
    for (const at of [0, 1]) {
      const slope = residuals.reduce((sum, residual, row) => sum + residual * features.values[row * 2 + at]!, 0);
      expect(slope).toBeCloseTo(-2 * fit.weights[at]!, 8);
    }
  });

  test('stays finite where a feature tells the classes apart, and where there is one class', () => {
    const apart = matrixOfColumns(['x'], [[-1000, -900, 900, 1000]]);
    expect(predictLogistic(fitLogistic(apart, [0, 0, 1, 1]), apart).map(Math.round)).toEqual(Float64Array.of(0, 0, 1, 1));
    const { intercept, weights } = fitLogistic(apart, [1, 1, 1, 1]);
    expect([intercept, ...weights]).toEqual([Math.log(9), 0]);
  });

  test('refuses what it cannot fit', () => {
    const x = matrixOfColumns(['x'], [[1, 2]]);
    expect(() => fitLogistic(x, [1])).toThrow(new RangeError('A logistic regression needs one label per row; got 1 for 2 rows.'));
    expect(() => fitLogistic(x, [1, NaN])).toThrow(new RangeError('The training label of row 1 is NaN; it must be 0 or 1.'));
    expect(() => fitLogistic(matrixOfColumns(['x'], [[1, Infinity]]), [0, 1])).toThrow(new RangeError('Row 1 has a feature that is Infinity; it must be a finite number.'));
    expect(() => fitLogistic(x, [0, 1], 0)).toThrow(new RangeError('The penalty of a logistic regression is 0; it must be above 0.'));
  });
});

describe('the lagged logistic', () => {
  /** Prices whose day goes on as the last one with 75 %. */
  const trending = (days: number, seed: number): Float64Array => {
    const random = createRandom(seed);
    let [price, up] = [100, true];
    return Float64Array.from({ length: days }, () => {
      up = random.uniform() < 0.75 ? up : !up;
      return (price *= up ? 1.01 : 0.99);
    });
  };
  const close = trending(900, 1);
  const labels = direction(close, 1);
  const [train, judged] = [{ from: 5, to: 600 }, { from: 610, to: 899 }];

  test('finds what yesterday says about tomorrow', () => {
    const probabilities = laggedLogistic(close, labels, train, judged);
    const right = probabilities.filter((probability, day) => (probability >= 0.5 ? 1 : 0) === labels[judged.from + day]).length;
    expect(right / probabilities.length).toBeGreaterThan(0.68);
  });

  test('knows no close after the row it answers for, and no judged row in training', () => {
    const altered = close.map((price, row) => (row > 700 ? price * 3 : price));
    const own = laggedLogistic(close, labels, train, judged);
    expect(laggedLogistic(altered, labels, train, judged).subarray(0, 91)).toEqual(own.subarray(0, 91));
    expect(laggedLogistic(close, labels.map((label, row) => (row >= 600 ? 1 - label : label)), train, judged)).toEqual(own);
  });

  test('refuses rows without five returns', () => {
    expect(() => laggedLogistic(close, labels, { from: 4, to: 600 }, judged)).toThrow(new RangeError('Returns of 5 days cannot be computed for rows 4 to 600 of 900.'));
  });
});

test('base-rate random guesses up as often as the base rate says, the same for the same seed', () => {
  const { name, predicted } = baseRateRandom(0.55, 10_000, 3);
  expect(name).toBe('base-rate random');
  expect(Math.abs(predicted.reduce((sum, up) => sum + up, 0) / 10_000 - 0.55)).toBeLessThan(0.02);
  expect(baseRateRandom(0.55, 10_000, 3).predicted).toEqual(predicted);
  expect(baseRateRandom(0.55, 10_000, 4).predicted).not.toEqual(predicted);
  expect([...baseRateRandom(1, 3, 1).predicted, ...baseRateRandom(0, 3, 1).predicted]).toEqual([1, 1, 1, 0, 0, 0]);
  expect(() => baseRateRandom(NaN, 1, 1)).toThrow(new RangeError('The base rate is NaN; it must lie between 0 and 1.'));
});
