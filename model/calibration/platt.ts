import { sigmoid } from '../sigmoid.ts';
import { countUps } from './labels.ts';

/** The probability of up is sigmoid(slope · score + intercept). */
export interface PlattFit {
  readonly slope: number;
  readonly intercept: number;
}

const MOST_STEPS = 100;
/** Added to the curvature, so that scores which are all the same have an answer, too. */
const RIDGE = 1e-12;

/**
 * Platt scaling (1999): the logistic curve through scores with the least log-loss, found by Newton's method with the
 * backtracking of Lin, Lin and Weng (2007). The labels are smoothed as Platt does, up to (n₊ + 1) / (n₊ + 2) and down to
 * 1 / (n₋ + 2), so that scores which tell all days apart do not end in a certainty.
 *
 * Throws RangeError unless there is one label of 0 or 1 for each score, at least one score, and all scores are finite.
 */
export function fitPlatt(scores: Float64Array, labels: ArrayLike<number>): PlattFit {
  const ups = countUps(scores, labels);
  const downs = scores.length - ups;
  const high = (ups + 1) / (ups + 2);
  const low = 1 / (downs + 2);
  const targets = Float64Array.from(labels, (label) => (label === 1 ? high : low));

  const lossOf = (slope: number, intercept: number): number =>
    scores.reduce((sum, score, row) => {
      const z = slope * score + intercept;
      return sum + Math.max(z, 0) - targets[row]! * z + Math.log1p(Math.exp(-Math.abs(z)));
    }, 0);

  let slope = 0;
  let intercept = Math.log((ups + 1) / (downs + 1));
  let loss = lossOf(slope, intercept);
  for (let step = 0; step < MOST_STEPS; step++) {
    let [slopeGradient, interceptGradient, slopeCurvature, mixedCurvature, interceptCurvature] = [0, 0, RIDGE, 0, RIDGE];
    for (let row = 0; row < scores.length; row++) {
      const score = scores[row]!;
      const probability = sigmoid(slope * score + intercept);
      const error = probability - targets[row]!;
      const weight = probability * (1 - probability);
      slopeGradient += error * score;
      interceptGradient += error;
      slopeCurvature += weight * score * score;
      mixedCurvature += weight * score;
      interceptCurvature += weight;
    }
    const determinant = slopeCurvature * interceptCurvature - mixedCurvature * mixedCurvature;
    const slopeMove = -(interceptCurvature * slopeGradient - mixedCurvature * interceptGradient) / determinant;
    const interceptMove = -(slopeCurvature * interceptGradient - mixedCurvature * slopeGradient) / determinant;
    let share = 1;
    let next = lossOf(slope + slopeMove, intercept + interceptMove);
    while (next > loss && share > 1e-10) {
      share /= 2;
      next = lossOf(slope + share * slopeMove, intercept + share * interceptMove);
    }
    if (!(next < loss)) break;
    slope += share * slopeMove;
    intercept += share * interceptMove;
    loss = next;
  }
  return { slope, intercept };
}
