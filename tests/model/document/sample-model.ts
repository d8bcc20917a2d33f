import { digestOf } from '../../../dsl/util/index.ts';
import { MODEL_FORMAT_VERSION, type ModelDocument } from '../../../model/document/index.ts';
import type { Network } from '../../../model/predictor/index.ts';
import { createRandom } from '../../../model/random.ts';

/** 3 features → 4 tanh → 2 relu → 1 sigmoid. */
export function sampleNetwork(seed = 1): Network {
  const random = createRandom(seed);
  const draw = (length: number) => Float32Array.from({ length }, () => random.normal() / 2);
  return {
    inputs: 3,
    layers: [
      { units: 4, activation: 'tanh', kernel: draw(12), bias: draw(4) },
      { units: 2, activation: 'relu', kernel: draw(8), bias: draw(2) },
      { units: 1, activation: 'sigmoid', kernel: draw(2), bias: draw(1) },
    ],
  };
}

export const sampleDocument: ModelDocument = {
  formatVersion: MODEL_FORMAT_VERSION,
  name: 'stock-direction',
  target: 'direction',
  horizonDays: 1,
  featureSet: { definition: { features: [{ kind: 'rsi', parameters: { window: 14 } }] }, names: ['a', 'b', 'c'], hash: digestOf('features') },
  normalisation: { mean: [0.1, -2, 30], scale: [1, 0.25, 12.5] },
  score: { kind: 'log-odds' },
  calibration: { method: 'none' },
  decisionThreshold: 0.5,
  training: {
    settings: {
      architecture: 'neural-network',
      hiddenLayers: [4, 2],
      activation: 'tanh',
      dropout: 0.1,
      l2: 0.0001,
      learningRate: 0.001,
      batchSize: 64,
      maxEpochs: 60,
      patience: 8,
      classWeighting: 'none',
      target: 'direction',
      loss: 'log',
      calibration: 'none',
      members: 1,
      seed: 42,
    },
    backend: { name: 'wasm', version: '4.22.0' },
    splits: {
      train: { from: '2000-01-03', to: '2014-12-31', rows: 3700 },
      validation: { from: '2015-01-05', to: '2016-12-30', rows: 500 },
      test: { from: '2017-01-03', to: '2020-04-16', rows: 825 },
    },
    members: [{ seed: 42, bestEpoch: 12, epochs: 20 }],
  },
  figures: { accuracy: 0.531, baselines: { alwaysUp: 0.547 }, trials: 6 },
  golden: [{ row: [0.5, -2, 31], probability: 0.5 }],
  data: { prices: digestOf('prices') },
};
