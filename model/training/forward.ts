import type * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../predictor/index.ts';
import type { LayerTensors } from './parameters.ts';

/**
 * The sums that go into the last layer's activation, rows × units of the last layer: the log-odds of a classifier.
 * `masks` multiply the outputs of the hidden layers (dropout), one rows × units tensor for each.
 */
export function forward(
  tensorflow: typeof tf,
  layers: readonly LayerTensors[],
  x: tf.Tensor2D,
  masks?: readonly tf.Tensor2D[],
): tf.Tensor2D {
  let values = x;
  for (const [at, { kernel, bias, activation }] of layers.entries()) {
    // Fused only without an activation: TensorFlow.js has no gradient for a fused tanh.
    const sums = tensorflow.fused.matMul({ a: values, b: kernel, bias }) as tf.Tensor2D;
    if (at === layers.length - 1) return sums;
    const outputs = applyActivation(tensorflow, activation, sums);
    values = masks ? tensorflow.mul(outputs, masks[at]!) : outputs;
  }
  return values;
}

export function applyActivation(tensorflow: typeof tf, activation: Activation, sums: tf.Tensor2D): tf.Tensor2D {
  return activation === 'linear' ? sums : tensorflow[activation](sums);
}
