import type * as tf from '@tensorflow/tfjs-core';
import type { Loss } from './settings.ts';

/** Where Huber's loss turns from squared to straight, in deviations of the training returns: 95 % of the efficiency of least squares on normal errors (Huber, 1964). */
export const HUBER_TURN = 1.345;

/**
 * The loss of a batch from the sums z of the last layer: the mean over rows of weight · loss. The log-loss of log-odds is
 * log(1 + eᶻ) − label · z, written so that it does not overflow; of a forecast return with the error e = z − label it is
 * ½ e², or Huber's. All tensors are rows × 1; labels and weights must outlive the call, because the gradient reads them.
 *
 * Its derivative by z is given by hand: TensorFlow's own losses come to the same (tested) through some thirty more
 * operations a step.
 */
export function batchLoss(tensorflow: typeof tf, loss: Loss, sums: tf.Tensor2D, labels: tf.Tensor2D, weights: tf.Tensor2D): tf.Scalar {
  const { customGrad, div, mean, mul } = tensorflow;
  const { value, slope } = LOSS[loss];
  return customGrad<tf.Scalar>((z, save) => {
    const given = z as tf.Tensor2D;
    (save as tf.GradSaveFunc)([given]);
    return {
      value: mean(mul(weights, value(tensorflow, given, labels))),
      gradFunc: (dy, saved) => mul(mul(weights, slope(tensorflow, saved[0]! as tf.Tensor2D, labels)), div(dy, labels.shape[0])),
    };
  })(sums);
}

interface TensorLoss {
  /** Per row, and its derivative by z. */
  readonly value: (tensorflow: typeof tf, z: tf.Tensor2D, labels: tf.Tensor2D) => tf.Tensor;
  readonly slope: (tensorflow: typeof tf, z: tf.Tensor2D, labels: tf.Tensor2D) => tf.Tensor;
}

const LOSS: Readonly<Record<Loss, TensorLoss>> = {
  log: {
    value: ({ abs, add, exp, log1p, maximum, mul, neg, sub }, z, labels) => add(sub(maximum(z, 0), mul(z, labels)), log1p(exp(neg(abs(z))))),
    slope: ({ sigmoid, sub }, z, labels) => sub(sigmoid(z), labels),
  },
  squared: {
    value: ({ div, square, sub }, z, labels) => div(square(sub(z, labels)), 2),
    slope: ({ sub }, z, labels) => sub(z, labels),
  },
  huber: {
    // With the error cut off at ± turn as c: c · (e − c / 2) is ½ e² inside and turn · (|e| − turn / 2) outside.
    value: ({ clipByValue, div, mul, sub }, z, labels) => {
      const error = sub(z, labels);
      const cut = clipByValue(error, -HUBER_TURN, HUBER_TURN);
      return mul(cut, sub(error, div(cut, 2)));
    },
    slope: ({ clipByValue, sub }, z, labels) => clipByValue(sub(z, labels), -HUBER_TURN, HUBER_TURN),
  },
};

/** How good the scores of some rows are. */
export interface Judged {
  /** Mean loss of a row, without weights; for log-odds in nats. */
  readonly loss: number;
  /** Share of rows on the right side: of probability ½, or of a return of 0. */
  readonly accuracy: number;
}

/**
 * Judges scores against labels in double precision. `zero` is the score that stands for "neither up nor down", and
 * labels above it are up where the labels are returns.
 */
export function judge(loss: Loss, scores: ArrayLike<number>, labels: ArrayLike<number>, zero = 0): Judged {
  const rows = labels.length;
  let sum = 0;
  let right = 0;
  for (let row = 0; row < rows; row++) {
    sum += rowLoss(loss, scores[row]!, labels[row]!);
    const isUp = loss === 'log' ? labels[row] === 1 : labels[row]! > zero;
    if (scores[row]! > zero === isUp) right++;
  }
  return { loss: sum / rows, accuracy: right / rows };
}

function rowLoss(loss: Loss, score: number, label: number): number {
  if (loss === 'log') return Math.max(score, 0) - score * label + Math.log1p(Math.exp(-Math.abs(score)));
  const error = score - label;
  const cut = loss === 'huber' ? Math.min(HUBER_TURN, Math.max(-HUBER_TURN, error)) : error;
  return cut * (error - cut / 2);
}
