import { layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { Network } from '../../../model/predictor/index.ts';
import { createRandom, permutation } from '../../../model/random.ts';
import { activate } from '../../../model/training/backend.ts';
import type { Backend, LabelledRows, NetworkSettings } from '../../../model/training/index.ts';
import { drawWeights, networkOf, planLayers } from '../../../model/training/parameters.ts';

/**
 * The weights that `model.fit` of tfjs-layers ends at, all in one list: from the same first weights as `trainModel`, on
 * the rows in the same order, which is drawn here and given to `fit` epoch by epoch. Dropout is not taken into account.
 */
export async function fitWithLayers(backend: Backend, { x, y }: LabelledRows, settings: NetworkSettings, epochs: number): Promise<number[]> {
  activate(backend);
  const { tf } = backend;
  const columns = x.names.length;
  const plan = planLayers(settings, columns);
  const random = createRandom(settings.seed);
  const model = sequential();
  for (const { inputs, units, activation } of plan) {
    model.add(layers.dense({ units, activation, inputShape: [inputs], kernelRegularizer: regularizers.l2({ l2: settings.l2 }) }));
  }
  const first = networkOf(plan, drawWeights(plan, random));
  model.setWeights(first.layers.flatMap(({ kernel, bias, units }) => [tf.tensor2d(kernel, [kernel.length / units, units]), tf.tensor1d(bias)]));
  model.compile({ optimizer: tf.train.adam(settings.learningRate), loss: 'binaryCrossentropy' });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = Array.from(permutation(x.rows, random));
    const inputs = tf.tensor2d(order.map((row) => Array.from(x.values.subarray(row * columns, (row + 1) * columns))));
    const labels = tf.tensor2d(order.map((row) => [y[row]!]));
    await model.fit(inputs, labels, { epochs: 1, batchSize: settings.batchSize, shuffle: false, verbose: 0 });
  }
  return model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
}

/** All weights of a network in the same order. */
export function listWeights(network: Network): number[] {
  return network.layers.flatMap(({ kernel, bias }) => [...kernel, ...bias]);
}

export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers cannot be compared with ${b.length}.`);
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0);
}
