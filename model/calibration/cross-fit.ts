import { cutRange } from '../splits/ranges.ts';
import { compileCalibration } from './calibration.ts';
import { fitProbability, type ProbabilityOptions } from './fit-probability.ts';

/** Neighbouring blocks of days, each judged by what the others teach. Four fifths of the days stay to learn from. */
const FOLDS = 5;
/** What is said of rows about which nothing is known: Laplace's answer to no days. */
const NO_OPINION = 0.5;

export interface CrossFitOptions extends ProbabilityOptions {
  /** Rows to the close that decides a row's label. Rows as near as that to a block share closes with its labels, and teach nothing about it. */
  readonly horizonDays: number;
}

/**
 * Probabilities of up for the very rows that teach a calibration, none of them taught by itself: each block of rows in
 * turn is left out, with the horizon on either side, and gets its probabilities by what is learned of the other rows
 * (cross-fitting; of stacking, Wolpert 1992). A calibration that is judged on the rows that it learned from is judged by
 * how well it remembers them, and isotonic regression remembers best. `answers` and `y` are those of `fitProbability`, in
 * the order of time. Where the horizon leaves no row to learn from, the answer is ½. Throws RangeError as `fitProbability`.
 */
export function crossFit(answers: Float64Array, y: ArrayLike<number>, { horizonDays, ...options }: CrossFitOptions): Float64Array {
  const rows = answers.length;
  const probabilities = new Float64Array(rows).fill(NO_OPINION);
  for (const { from, to } of cutRange({ from: 0, to: rows }, FOLDS)) {
    const isKnown = (_: number, row: number): boolean => row < from - horizonDays || row >= to + horizonDays;
    const known = answers.filter(isKnown);
    if (known.length === 0) continue;
    const { score, calibration } = fitProbability(known, Float64Array.from(y).filter(isKnown), options);
    probabilities.set(answers.subarray(from, to).map(compileCalibration(calibration, score)), from);
  }
  return probabilities;
}
