/**
 * `trainModel` against `model.fit` of tfjs-layers: the same network, rows, optimiser and number of steps. And, beside
 * them, 100 boosted trees of depth 3 on the same rows, which need no TensorFlow.
 *
 *     npx tsx bench/training.ts [wasm|cpu|tensorflow …]
 *
 * They take turns. Read the ratio of processor times, which a busy machine disturbs least.
 */
import { layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { createRandom } from '../model/random.ts';
import { activate } from '../model/training/backend.ts';
import { explainBackend, loadBackend, trainModel, type Backend, type BackendName, type LabelledRows, type NeuralNetworkSettings, type TreesSettings } from '../model/training/index.ts';

const ROWS = 3500;
const COLUMNS = 19;
const TURNS = 3;

const settings: NeuralNetworkSettings = {
  architecture: 'neural-network',
  hiddenLayers: [16, 8],
  activation: 'relu',
  dropout: 0.1,
  l2: 1e-4,
  learningRate: 0.001,
  batchSize: 128,
  maxEpochs: 20,
  patience: 20,
  classWeighting: 'none',
  target: 'direction',
  loss: 'log',
  calibration: 'none',
  members: 1,
  seed: 1,
};

const trees: TreesSettings = {
  architecture: 'gradient-boosted-trees',
  target: 'direction',
  loss: 'log',
  classWeighting: 'none',
  calibration: 'none',
  members: 1,
  learningRate: 0.05,
  maxTrees: 100,
  patience: 100,
  maxDepth: 3,
  minRows: 20,
  minChildWeight: 0.001,
  l2: 1,
  rowShare: 1,
  columnShare: 1,
  bins: 64,
  seed: 1,
};

function drawRows(rows: number, seed: number): LabelledRows {
  const random = createRandom(seed);
  const values = Float64Array.from({ length: rows * COLUMNS }, () => random.normal());
  const y = Float64Array.from({ length: rows }, (_, row) => (values[row * COLUMNS]! + 3 * random.normal() > 0 ? 1 : 0));
  return { x: { names: Array.from({ length: COLUMNS }, (_, at) => `f${at}`), rows, values }, y };
}

const training = drawRows(ROWS, 1);
const validation = drawRows(500, 2);

async function fit({ tf }: Backend): Promise<void> {
  const model = sequential();
  for (const [at, units] of [...settings.hiddenLayers, 1].entries()) {
    const last = at === settings.hiddenLayers.length;
    model.add(layers.dense({ units, activation: last ? 'sigmoid' : settings.activation, kernelRegularizer: regularizers.l2({ l2: settings.l2 }), ...(at === 0 ? { inputShape: [COLUMNS] } : {}) }));
    if (!last) model.add(layers.dropout({ rate: settings.dropout, seed: 1 }));
  }
  model.compile({ optimizer: tf.train.adam(settings.learningRate), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  const tensors = ({ x, y }: LabelledRows) => [tf.tensor2d(Float32Array.from(x.values), [x.rows, COLUMNS]), tf.tensor2d(Float32Array.from(y), [x.rows, 1])] as const;
  const [x, y] = tensors(training);
  const [validationX, validationY] = tensors(validation);
  await model.fit(x, y, { epochs: settings.maxEpochs, batchSize: settings.batchSize, validationData: [validationX, validationY], verbose: 0, yieldEvery: 'never' });
  model.dispose();
  tf.dispose([x, y, validationX, validationY]);
}

for (const name of process.argv.length > 2 ? (process.argv.slice(2) as BackendName[]) : (['wasm', 'cpu'] as const)) {
  const backend = await loadBackend([name]);
  console.log(`\n${explainBackend(backend)}\n${ROWS} × ${COLUMNS} rows, hidden layers ${settings.hiddenLayers.join(', ')}, batches of ${settings.batchSize}, ${settings.maxEpochs} epochs`);
  const contestants = { trainModel: () => trainModel({ backend: async () => backend, training, validation, settings }), 'model.fit': () => fit(backend), '100 trees': () => trainModel({ backend: async () => backend, training, validation, settings: trees }) };
  const seconds: Record<string, { wall: number; cpu: number }[]> = { trainModel: [], 'model.fit': [], '100 trees': [] };
  for (let turn = -1; turn < TURNS; turn++) {
    for (const [contestant, run] of Object.entries(contestants)) {
      activate(backend);
      const [wall, cpu] = [performance.now(), process.cpuUsage()];
      await run();
      const { user, system } = process.cpuUsage(cpu);
      // The first turn only warms the compiler up.
      if (turn >= 0) seconds[contestant]!.push({ wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 });
    }
  }
  const least = (contestant: string, kind: 'wall' | 'cpu'): number => Math.min(...seconds[contestant]!.map((turn) => turn[kind]));
  console.table(
    Object.fromEntries(
      Object.keys(contestants).map((contestant) => [
        contestant,
        { 'wall s': +least(contestant, 'wall').toFixed(2), 'cpu s': +least(contestant, 'cpu').toFixed(2), 'cpu ratio': +(least(contestant, 'cpu') / least('trainModel', 'cpu')).toFixed(2) },
      ]),
    ),
  );
}
