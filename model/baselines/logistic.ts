import type { Matrix } from '../matrix.ts';
import { sigmoid } from '../sigmoid.ts';

export interface LogisticFit {
  readonly intercept: number;
  /** One per feature. */
  readonly weights: Float64Array;
}

const MOST_STEPS = 100;

/**
 * Logistic regression with a penalty on the weights (not on the intercept): least Σ log-loss + penalty / 2 · Σ weight²,
 * by Newton's method (iteratively reweighted least squares). The penalty makes the minimum unique even where a feature
 * tells the classes apart. For a handful of features: the cost grows with the cube of their number.
 *
 * `features` has one row per label (0 or 1). Throws RangeError for other labels, values that are not finite, no rows,
 * and a penalty that is not above 0.
 */
export function fitLogistic({ rows, names, values }: Matrix, labels: ArrayLike<number>, penalty = 1): LogisticFit {
  const width = names.length + 1;
  if (rows === 0 || labels.length !== rows) throw new RangeError(`A logistic regression needs one label per row; got ${labels.length} for ${rows} rows.`);
  if (!(penalty > 0 && Number.isFinite(penalty))) throw new RangeError(`The penalty of a logistic regression is ${penalty}; it must be above 0.`);
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new RangeError(`Row ${Math.floor(broken / names.length)} has a feature that is ${values[broken]}; it must be a finite number.`);
  let ups = 0;
  for (let row = 0; row < rows; row++) {
    if (labels[row] !== 0 && labels[row] !== 1) throw new RangeError(`The training label of row ${row} is ${labels[row]}; it must be 0 or 1.`);
    ups += labels[row]!;
  }
  // The intercept has no penalty: with one class alone it would run away, so half a day of the other class is added.
  const shift = ups === 0 || ups === rows ? Math.log((ups + 0.5) / (rows - ups + 0.5)) : undefined;
  if (shift !== undefined) return { intercept: shift, weights: new Float64Array(names.length) };

  const inputAt = (row: number, at: number): number => (at === 0 ? 1 : values[row * names.length + at - 1]!);
  let parameters = new Float64Array(width);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = parameters.map((parameter, at) => (at === 0 ? 0 : penalty * parameter));
    const curvature = Array.from({ length: width }, (_, at) => Float64Array.from({ length: width }, (_, other) => (at === other && at > 0 ? penalty : 0)));
    for (let row = 0; row < rows; row++) {
      let score = 0;
      for (let at = 0; at < width; at++) score += parameters[at]! * inputAt(row, at);
      const probability = sigmoid(score);
      for (let at = 0; at < width; at++) {
        gradient[at]! += (probability - labels[row]!) * inputAt(row, at);
        for (let other = 0; other <= at; other++) curvature[at]![other]! += probability * (1 - probability) * inputAt(row, at) * inputAt(row, other);
      }
    }
    const move = solve(curvature, gradient);
    // Newton's step may overshoot where scores are large; a bounded one arrives all the same.
    const scale = Math.min(1, 5 / Math.max(...move.map(Math.abs), 1e-300));
    parameters = parameters.map((parameter, at) => parameter - scale * move[at]!);
    if (move.every((change) => Math.abs(change) < 1e-12)) break;
  }
  return { intercept: parameters[0]!, weights: parameters.slice(1) };
}

/** Probability of 1 for every row of the same features. */
export function predictLogistic({ intercept, weights }: LogisticFit, { rows, values }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    sigmoid(weights.reduce((score, weight, at) => score + weight * values[row * weights.length + at]!, intercept)),
  );
}

/** Solves a symmetric positive definite system, given by its lower half, by Cholesky's decomposition. */
function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const width = right.length;
  const root = lower.map((row) => Float64Array.from(row));
  for (let at = 0; at < width; at++) {
    for (let other = 0; other <= at; other++) {
      let sum = lower[at]![other]!;
      for (let k = 0; k < other; k++) sum -= root[at]![k]! * root[other]![k]!;
      root[at]![other] = at === other ? Math.sqrt(sum) : sum / root[other]![other]!;
    }
  }
  const solution = Float64Array.from(right);
  for (let at = 0; at < width; at++) {
    for (let k = 0; k < at; k++) solution[at]! -= root[at]![k]! * solution[k]!;
    solution[at]! /= root[at]![at]!;
  }
  for (let at = width - 1; at >= 0; at--) {
    for (let k = at + 1; k < width; k++) solution[at]! -= root[k]![at]! * solution[k]!;
    solution[at]! /= root[at]![at]!;
  }
  return solution;
}
