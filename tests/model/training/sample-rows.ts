import { createRandom } from '../../../model/random.ts';
import type { LabelledRows, TrainingSettings } from '../../../model/training/index.ts';

/** Normal features; the label follows the first one, and the product of the next two, in noise. */
export function sampleRows(rows: number, columns: number, seed: number): LabelledRows {
  const random = createRandom(seed);
  const values = Float64Array.from({ length: rows * columns }, () => random.normal());
  const y = Float64Array.from({ length: rows }, (_, row) => {
    const at = row * columns;
    const signal = 1.5 * values[at]! + 2 * values[at + 1]! * values[at + 2]!;
    return signal + random.normal() > 0 ? 1 : 0;
  });
  return { x: { names: Array.from({ length: columns }, (_, at) => `f${at}`), rows, values }, y };
}

export const networkSettings = {
  architecture: 'neural-network',
  hiddenLayers: [8, 4],
  activation: 'relu',
  dropout: 0.2,
  l2: 1e-4,
  learningRate: 0.01,
  batchSize: 50,
  maxEpochs: 5,
  patience: 5,
  classWeighting: 'none',
  target: 'direction',
  loss: 'log',
  calibration: 'none',
  members: 1,
  seed: 7,
} as const satisfies TrainingSettings;

export const logisticSettings = {
  architecture: 'logistic',
  l2: 0,
  learningRate: 0.05,
  batchSize: 50,
  maxEpochs: 5,
  patience: 5,
  classWeighting: 'none',
  target: 'direction',
  loss: 'log',
  calibration: 'none',
  members: 1,
  seed: 7,
} as const satisfies TrainingSettings;

export const treesSettings = {
  architecture: 'gradient-boosted-trees',
  target: 'direction',
  loss: 'log',
  classWeighting: 'none',
  calibration: 'none',
  members: 1,
  learningRate: 0.1,
  maxTrees: 20,
  patience: 20,
  maxDepth: 3,
  minRows: 10,
  minChildWeight: 0.001,
  l2: 1,
  rowShare: 0.8,
  columnShare: 0.8,
  bins: 32,
  seed: 7,
} as const satisfies TrainingSettings;
