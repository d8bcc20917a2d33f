import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { loadBackend } from '../../../model/training/index.ts';
import { drawMask } from '../../../model/training/dropout.ts';
import { drawWeights, kernelMask, networkOf, partSizes, planLayers, splitWeights } from '../../../model/training/parameters.ts';
import { logisticSettings, networkSettings } from './sample-rows.ts';

const plan = planLayers({ ...networkSettings, hiddenLayers: [40, 30] }, 50);
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

test('the layers are the hidden ones and a sigmoid unit; a logistic regression has the unit alone', () => {
  expect(plan).toEqual([
    { inputs: 50, units: 40, activation: 'relu' },
    { inputs: 40, units: 30, activation: 'relu' },
    { inputs: 30, units: 1, activation: 'sigmoid' },
  ]);
  expect(planLayers(logisticSettings, 6)).toEqual([{ inputs: 6, units: 1, activation: 'sigmoid' }]);
});

describe('first weights', () => {
  test('before relu they have the deviation of He et al., before tanh and sigmoid the range of Glorot and Bengio', () => {
    const [first, second, last] = networkOf(plan, drawWeights(plan, createRandom(3))).layers;
    expect(deviation(first!.kernel)).toBeCloseTo(Math.sqrt(2 / 50), 1);
    expect(deviation(second!.kernel) / Math.sqrt(2 / 40)).toBeCloseTo(1, 1);
    expect(Math.max(...last!.kernel.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 31));

    const tanh = planLayers({ ...networkSettings, hiddenLayers: [40], activation: 'tanh' }, 50);
    const [uniform] = networkOf(tanh, drawWeights(tanh, createRandom(3))).layers;
    const limit = Math.sqrt(6 / 90);
    expect(Math.max(...uniform!.kernel)).toBeLessThanOrEqual(limit);
    expect(Math.max(...uniform!.kernel)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...uniform!.kernel)).toBeLessThan(-0.99 * limit);
    for (const { bias } of [first!, second!, last!, uniform!]) expect(bias.every((value) => value === 0)).toBe(true);
  });

  test('they depend on the seed alone', () => {
    expect(drawWeights(plan, createRandom(3))).toEqual(drawWeights(plan, createRandom(3)));
    expect(drawWeights(plan, createRandom(4))).not.toEqual(drawWeights(plan, createRandom(3)));
  });
});

test('the weight vector is cut the same way into a network and into tensors', async () => {
  const { tf } = await loadBackend(['cpu']);
  const weights = drawWeights(plan, createRandom(1)).map((value, at) => value + at);
  const network = networkOf(plan, weights);
  expect(partSizes(plan)).toEqual([2000, 40, 1200, 30, 30, 1]);
  tf.tidy(() => {
    for (const [at, { kernel, bias }] of splitWeights(tf, plan, tf.tensor1d(weights)).entries()) {
      expect(kernel.shape).toEqual([plan[at]!.inputs, plan[at]!.units]);
      expect(kernel.dataSync()).toEqual(network.layers[at]!.kernel);
      expect(bias.dataSync()).toEqual(network.layers[at]!.bias);
    }
  });
  // The mask is 1 on kernels and 0 on biases.
  const masked = networkOf(plan, kernelMask(plan));
  for (const { kernel, bias } of masked.layers) {
    expect(kernel.every((value) => value === 1)).toBe(true);
    expect(bias.every((value) => value === 0)).toBe(true);
  }
});

test('a dropout mask drops its share and keeps the mean', () => {
  const mask = drawMask(20_000, 0.2, createRandom(1));
  expect(new Set(mask)).toEqual(new Set([0, 1.25]));
  expect(mask.filter((value) => value === 0).length / mask.length).toBeCloseTo(0.2, 1);
  expect(mean(mask)).toBeCloseTo(1, 1);
});
