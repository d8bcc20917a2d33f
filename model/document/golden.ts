import type { Matrix } from '../matrix.ts';
import type { Predictor } from '../predictor/index.ts';
import type { GoldenPrediction, ModelDocument } from './model-document.ts';

/** Backends round differently in the seventh digit; a wrong feature, weight or order shows long before the fifth. */
export const GOLDEN_TOLERANCE = 1e-5;

/**
 * Up to `count` rows, evenly spread from the first to the last, with their probabilities. `x` has raw features (rows ×
 * columns); `probabilities` has one per row and should come from the training's own arithmetic, so that whoever serves
 * the model is held against an independent answer. Throws RangeError when there is no row or sizes differ.
 */
export function createGolden(x: Matrix, probabilities: ArrayLike<number>, count = 16): GoldenPrediction[] {
  if (x.rows < 1 || !Number.isInteger(count) || count < 1) {
    throw new RangeError(`Golden predictions need at least one row; got ${count} of ${x.rows}.`);
  }
  if (probabilities.length !== x.rows) throw new RangeError(`There are ${x.rows} rows but ${probabilities.length} probabilities.`);
  const columns = x.names.length;
  const picked = Math.min(count, x.rows);
  return Array.from({ length: picked }, (_, at) => {
    const row = picked === 1 ? 0 : Math.round((at * (x.rows - 1)) / (picked - 1));
    return { row: Array.from(x.values.subarray(row * columns, (row + 1) * columns)), probability: probabilities[row]! };
  });
}

/** How a predictor's answers compare with the golden ones. */
export interface GoldenReport {
  /** True when every answer is within the tolerance. */
  readonly agrees: boolean;
  readonly compared: number;
  /** Largest absolute difference of two probabilities; NaN when an answer was not a number. */
  readonly largestDifference: number;
  /** The golden prediction with that difference, and what came out instead. */
  readonly worst: { readonly at: number; readonly expected: number; readonly got: number };
}

/**
 * Asks a predictor, which normalises by itself, for every golden row of a document. Throws RangeError when the document
 * has no golden prediction or the predictor takes rows of another length.
 */
export function verifyGolden(predictor: Pick<Predictor, 'predictRow'>, { golden }: Pick<ModelDocument, 'golden'>, tolerance = GOLDEN_TOLERANCE): GoldenReport {
  if (golden.length === 0) throw new RangeError('There is no golden prediction to verify.');
  let worst = { at: 0, expected: NaN, got: NaN };
  let largestDifference = -1;
  for (const [at, { row, probability }] of golden.entries()) {
    const got = predictor.predictRow(row);
    const difference = Math.abs(got - probability);
    if (difference <= largestDifference) continue;
    worst = { at, expected: probability, got };
    largestDifference = difference;
    if (Number.isNaN(difference)) break;
  }
  return { agrees: largestDifference <= tolerance, compared: golden.length, largestDifference, worst };
}
