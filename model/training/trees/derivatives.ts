import { HUBER_TURN } from '../loss.ts';
import type { Loss } from '../settings.ts';
import { portableSigmoid } from './portable-sigmoid.ts';

/**
 * First and second derivatives of weight · loss by the score, one per row, into `slopes` and `curvatures`. Huber's loss
 * has no curvature where it is straight; as in LightGBM it is taken as 1 there too, so that a leaf still has a size.
 */
export function derive(loss: Loss, scores: Float64Array, labels: Float32Array, weights: Float32Array, slopes: Float64Array, curvatures: Float64Array): void {
  for (let row = 0; row < scores.length; row++) {
    const weight = weights[row]!;
    if (loss === 'log') {
      const probability = portableSigmoid(scores[row]!);
      slopes[row] = weight * (probability - labels[row]!);
      curvatures[row] = weight * probability * (1 - probability);
      continue;
    }
    const error = scores[row]! - labels[row]!;
    slopes[row] = weight * (loss === 'huber' ? Math.min(HUBER_TURN, Math.max(-HUBER_TURN, error)) : error);
    curvatures[row] = weight;
  }
}

const MOST_STEPS = 100;

/** The one score with the least loss for all rows, by Newton's method: for the log-loss the log-odds of the weighted share of ups. */
export function startScore(loss: Loss, labels: Float32Array, weights: Float32Array): number {
  const scores = new Float64Array(labels.length);
  const slopes = new Float64Array(labels.length);
  const curvatures = new Float64Array(labels.length);
  let score = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    scores.fill(score);
    derive(loss, scores, labels, weights, slopes, curvatures);
    let [slope, curvature] = [0, 0];
    for (let row = 0; row < labels.length; row++) {
      slope += slopes[row]!;
      curvature += curvatures[row]!;
    }
    const move = slope / curvature;
    score -= move;
    if (Math.abs(move) < 1e-12) break;
  }
  return score;
}
