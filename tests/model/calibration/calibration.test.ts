import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileCalibration, fitCalibration, fitIsotonic, fitPlatt, isotonicAt } from '../../../model/calibration/index.ts';
import { createRandom } from '../../../model/random.ts';
import { sigmoid } from '../../../model/sigmoid.ts';

/** Of scikit-learn; made by generate-trees.py. */
const { calibration: reference } = JSON.parse(readFileSync(new URL('../reference/trees.json', import.meta.url), 'utf8')) as {
  readonly calibration: readonly {
    readonly scores: readonly number[];
    readonly labels: readonly number[];
    readonly platt: { readonly slope: number; readonly intercept: number };
    readonly asked: readonly number[];
    readonly isotonic: readonly number[];
  }[];
};

describe.each(reference)('the same as scikit-learn, on $scores.length scores', ({ scores, labels, platt, asked, isotonic }) => {
  const days = Float64Array.from(scores);

  test('Platt scaling, with his smoothed labels', () => {
    const { slope, intercept } = fitPlatt(days, labels);
    // scikit-learn stops at a gradient of some 1e-5.
    expect(Math.abs(slope - platt.slope)).toBeLessThan(1e-4);
    expect(Math.abs(intercept - platt.intercept)).toBeLessThan(1e-4);
  });

  test('isotonic regression between 1 / (n + 2) and its complement', () => {
    const fit = fitIsotonic(days, labels);
    for (const [at, score] of asked.entries()) expect(Math.abs(isotonicAt(fit, score) - isotonic[at]!)).toBeLessThan(1e-9);
  });
});

test('points of isotonic regression are apart, so that no step is steeper than single precision can tell', () => {
  const random = createRandom(4);
  const scores = Float64Array.from({ length: 500 }, () => random.normal() / 10);
  const { scores: points } = fitIsotonic(scores, scores.map((score) => Number(random.uniform() < sigmoid(8 * score))));
  for (const [at, point] of points.entries()) if (at > 0) expect(point - points[at - 1]!).toBeGreaterThan(0.09 / 16);
  expect(points.length).toBeGreaterThan(5);
});

describe('Platt scaling', () => {
  test('finds the slope and the intercept that made the days', () => {
    const random = createRandom(3);
    const scores = Float64Array.from({ length: 20_000 }, () => random.normal());
    const labels = scores.map((score) => Number(random.uniform() < sigmoid(0.5 * score - 0.3)));
    const { slope, intercept } = fitPlatt(scores, labels);
    expect(slope).toBeCloseTo(0.5, 1);
    expect(intercept).toBeCloseTo(-0.3, 1);
  });

  test('stays finite where scores tell all days apart, where all are the same, and with one kind of day', () => {
    const apart = fitPlatt(Float64Array.of(-2, -1, 1, 2), [0, 0, 1, 1]);
    expect(sigmoid(apart.slope * 2 + apart.intercept)).toBeLessThan(0.9);
    const same = fitPlatt(Float64Array.of(1, 1, 1), [1, 1, 0]);
    expect(sigmoid(same.slope + same.intercept)).toBeCloseTo((2 * (3 / 4) + 1 / 3) / 3, 6);
    const ups = fitPlatt(Float64Array.of(1, 2, 3), [1, 1, 1]);
    expect(sigmoid(ups.slope * 2 + ups.intercept)).toBeCloseTo(4 / 5, 3);
  });
});

test('isotonic regression rises, passes the mean of every block, and is never certain, whatever the days', () => {
  const days = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(days, (drawn) => {
      const { scores, probabilities } = fitIsotonic(Float64Array.from(drawn, ([score]) => score), drawn.map(([, label]) => label));
      expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      expect(new Set(scores).size).toBe(scores.length);
      expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
      const least = 1 / (drawn.length + 2);
      expect(probabilities[0]).toBeGreaterThanOrEqual(least);
      expect(probabilities.at(-1)).toBeLessThanOrEqual(1 - least);
    }),
  );
});

test('a forecast return of one deviation is Φ(1), and calibrations see it in deviations', () => {
  const kind = { kind: 'return', residualScale: 0.01 } as const;
  expect(compileCalibration({ method: 'none' }, kind)(0.01)).toBeCloseTo(0.841344746, 8);
  expect(compileCalibration({ method: 'none' }, kind)(0)).toBe(0.5);
  expect(compileCalibration({ method: 'platt', slope: 2, intercept: 0.1 }, kind)(0.01)).toBeCloseTo(sigmoid(2.1), 12);
  expect(compileCalibration({ method: 'isotonic', scores: [0, 2], probabilities: [0.4, 0.6] }, kind)(0.01)).toBeCloseTo(0.5, 12);
  for (const calibration of [{ method: 'none' }, { method: 'platt', slope: 1, intercept: 0 }, { method: 'isotonic', scores: [0], probabilities: [0.5] }] as const) {
    expect(compileCalibration(calibration, kind)(NaN)).toBeNaN();
  }
});

test.each<[string, Float64Array, number[], string]>([
  ['no scores', new Float64Array(0), [], 'A calibration needs one label per score, at least one; got 0 labels for 0 scores.'],
  ['too few labels', Float64Array.of(1, 2), [1], 'A calibration needs one label per score, at least one; got 1 labels for 2 scores.'],
  ['a score that is none', Float64Array.of(1, NaN), [1, 0], 'The score of row 1 is NaN; a calibration needs finite scores.'],
  ['a label of ½', Float64Array.of(1, 2), [1, 0.5], 'The label of row 1 is 0.5; a calibration needs labels of 0 and 1.'],
])('%s: refused', (_, scores, labels, message) => {
  for (const method of ['platt', 'isotonic'] as const) expect(() => fitCalibration(method, scores, labels)).toThrow(new RangeError(message));
});
