import type * as tf from '@tensorflow/tfjs-core';

/**
 * The loss of a batch from log-odds z: the mean over rows of weight · (log(1 + eᶻ) − label · z), which is the log-loss of
 * the probability sigmoid(z), written so that it does not overflow. All tensors are rows × 1; labels and weights must
 * outlive the call, because the gradient reads them.
 *
 * Its derivative by z, weight · (sigmoid(z) − label) / rows, is given by hand: TensorFlow's own
 * `losses.sigmoidCrossEntropy` comes to the same (tested) through some thirty more operations a step.
 */
export function batchLoss(tensorflow: typeof tf, logOdds: tf.Tensor2D, labels: tf.Tensor2D, weights: tf.Tensor2D): tf.Scalar {
  const { abs, add, customGrad, div, exp, log1p, maximum, mean, mul, neg, sigmoid, sub } = tensorflow;
  return customGrad<tf.Scalar>((z, save) => {
    const logits = z as tf.Tensor2D;
    (save as tf.GradSaveFunc)([logits]);
    const losses = add(sub(maximum(logits, 0), mul(logits, labels)), log1p(exp(neg(abs(logits)))));
    return {
      value: mean(mul(weights, losses)),
      gradFunc: (dy, saved) => mul(mul(weights, sub(sigmoid(saved[0]!), labels)), div(dy, labels.shape[0])),
    };
  })(logOdds);
}

/** Mean log-loss, in nats, and accuracy at probability ½ of log-odds against labels of 0 and 1. In double precision. */
export function judge(logOdds: Float32Array, labels: Float32Array): { logLoss: number; accuracy: number } {
  let loss = 0;
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    const z = logOdds[row]!;
    const label = labels[row]!;
    loss += Math.max(z, 0) - z * label + Math.log1p(Math.exp(-Math.abs(z)));
    if (z > 0 === (label === 1)) right++;
  }
  return { logLoss: loss / labels.length, accuracy: right / labels.length };
}
