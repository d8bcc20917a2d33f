import { describe, expect, test } from 'vitest';
import { compilePredictor, type Network } from '../../../model/predictor/index.ts';
import { loadBackend, predictOnBackend, type Backend, type EpochReport, type LabelledRows, type NetworkSettings, type TrainingSettings } from '../../../model/training/index.ts';
import { fitWithLayers, largestDifference, listWeights } from './fit-reference.ts';
import { logisticSettings, networkSettings, sampleRows } from './sample-rows.ts';
import { trainNetwork, type TrainedNetwork } from './train-network.ts';

const training = sampleRows(400, 6, 1);
const validation = sampleRows(200, 6, 2);

const weightBytes = ({ network }: TrainedNetwork): string =>
  network.layers.map(({ kernel, bias }) => [kernel, bias].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('hex')).join()).join();

/** Worked out from probabilities, not from log-odds as the room does. */
const meanLogLoss = (probabilities: Float64Array, labels: ArrayLike<number>): number =>
  probabilities.reduce((sum, probability, row) => sum - Math.log(labels[row] === 1 ? probability : 1 - probability), 0) / probabilities.length;

const lossOf = (network: Network): number => meanLogLoss(compilePredictor(network).predictRows(validation.x.values, validation.x.rows), validation.y);

describe.each(['cpu', 'wasm'] as const)('on %s', (name) => {
  test('two trainings give the same bytes and history, with dropout; another seed gives others', async () => {
    const backend = await loadBackend([name]);
    const train = (seed: number) => trainNetwork({ backend, training, validation, settings: { ...networkSettings, seed } });
    const [one, two, other] = [await train(7), await train(7), await train(8)];
    expect(weightBytes(two)).toBe(weightBytes(one));
    expect(two).toEqual(one);
    expect(weightBytes(other)).not.toBe(weightBytes(one));
    expect(one.backend).toEqual({ name, version: '4.22.0' });
  });

  test('two trainings that take turns in one process give the same bytes as one alone', async () => {
    const backend = await loadBackend([name]);
    const other = await loadBackend([name === 'cpu' ? 'wasm' : 'cpu']);
    const train = (on: Backend) => trainNetwork({ backend: on, training, validation, settings: networkSettings });
    const alone = await train(backend);
    const [together] = await Promise.all([train(backend), train(other), train(backend)]);
    expect(weightBytes(together)).toBe(weightBytes(alone));
  });

  test('batches, Adam, L2 and gradients are those of tfjs-layers: model.fit on the same rows ends at the same weights', async () => {
    const backend = await loadBackend([name]);
    // 400 rows in batches of 64: the last batch of an epoch is smaller.
    const settings: NetworkSettings = { ...networkSettings, activation: 'tanh', dropout: 0, l2: 0.01, batchSize: 64, maxEpochs: 5, patience: 5 };
    const { network, bestEpoch } = await trainNetwork({ backend, training, validation, settings });
    expect(bestEpoch).toBe(5);
    expect(largestDifference(listWeights(network), await fitWithLayers(backend, training, settings, 5))).toBeLessThan(2e-5);
  });

  test('a network learns what a logistic regression cannot, and the compiled predictor answers as TensorFlow does', async () => {
    const backend = await loadBackend([name]);
    const settings: NetworkSettings = { ...networkSettings, dropout: 0, maxEpochs: 40, patience: 40 };
    const network = await trainNetwork({ backend, training, validation, settings });
    const logistic = await trainNetwork({ backend, training, validation, settings: { ...logisticSettings, maxEpochs: 40, patience: 40 } });
    expect(lossOf(logistic.network)).toBeLessThan(0.62);
    expect(lossOf(network.network)).toBeLessThan(0.45);
    const got = compilePredictor(network.network).predictRows(validation.x.values, validation.x.rows);
    const expected = predictOnBackend(backend, network.network, validation.x);
    for (let row = 0; row < got.length; row++) expect(Math.abs(got[row]! - expected[row]!)).toBeLessThan(1e-6);
  });

  test('nothing is left in TensorFlow\'s memory, also after an abort', async () => {
    const backend = await loadBackend([name]);
    const before = backend.tf.memory().numTensors;
    await trainNetwork({ backend, training, validation, settings: networkSettings });
    await expect(trainNetwork({ backend, training, validation, settings: networkSettings, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(backend.tf.memory().numTensors).toBe(before);
  });
});

describe('when to stop and what to keep', () => {
  /** 60 rows of noise: a network that big knows them by heart soon, and gets worse on others. */
  const noise: LabelledRows = { x: sampleRows(60, 6, 3).x, y: sampleRows(60, 6, 4).y };
  const settings: NetworkSettings = { ...networkSettings, hiddenLayers: [32], dropout: 0, l2: 0, batchSize: 20, maxEpochs: 100, patience: 6 };

  test('it stops after `patience` epochs without a better one, and answers with the best one\'s weights', async () => {
    const backend = await loadBackend(['wasm']);
    const seen: EpochReport[] = [];
    const model = await trainNetwork({ backend, training: noise, validation, settings, onEpoch: (report) => seen.push(report) });
    expect(model.stoppedEarly).toBe(true);
    expect(model.history).toEqual(seen);
    expect(model.history.map(({ epoch }) => epoch)).toEqual(model.history.map((_, at) => at + 1));
    expect(model.history).toHaveLength(model.bestEpoch + settings.patience);
    const losses = model.history.map(({ validationLoss }) => validationLoss);
    expect(losses.indexOf(Math.min(...losses))).toBe(model.bestEpoch - 1);

    // The history is what the kept weights give, worked out anew from their probabilities.
    const best = model.history[model.bestEpoch - 1]!;
    expect(lossOf(model.network)).toBeCloseTo(best.validationLoss, 6);
    const probabilities = compilePredictor(model.network).predictRows(validation.x.values, validation.x.rows);
    const right = probabilities.filter((probability, row) => probability > 0.5 === (validation.y[row] === 1)).length;
    expect(right / probabilities.length).toBe(best.validationAccuracy);
    const onTraining = compilePredictor(model.network).predictRows(noise.x.values, noise.x.rows);
    expect(meanLogLoss(onTraining, noise.y)).toBeCloseTo(best.trainLoss, 6);
  });

  test('it runs to the last epoch when it keeps getting better', async () => {
    const model = await trainNetwork({ backend: await loadBackend(['wasm']), training, validation, settings: { ...logisticSettings, learningRate: 0.001, maxEpochs: 4 } });
    expect(model).toMatchObject({ bestEpoch: 4, stoppedEarly: false });
    expect(model.history).toHaveLength(4);
  });

  test('a signal stops it between two batches, with the signal\'s reason', async () => {
    const backend = await loadBackend(['wasm']);
    const controller = new AbortController();
    const seen: number[] = [];
    const onEpoch = ({ epoch }: EpochReport): void => {
      seen.push(epoch);
      // Later than this call, so that the loop itself must let the event through.
      if (epoch === 2) setImmediate(() => controller.abort(new Error('enough')));
    };
    const endless = { ...settings, maxEpochs: 1_000_000, patience: 1_000_000 };
    await expect(trainNetwork({ backend, training: noise, validation, settings: endless, onEpoch, signal: controller.signal })).rejects.toThrow('enough');
    expect(seen).toEqual([1, 2]);
  });
});

describe('settings that change the weights', () => {
  const norm = ({ network }: TrainedNetwork): number => Math.hypot(...network.layers.flatMap(({ kernel }) => [...kernel]));

  test('L2 makes kernels smaller', async () => {
    const backend = await loadBackend(['wasm']);
    const [free, held] = [
      await trainNetwork({ backend, training, validation, settings: { ...logisticSettings, maxEpochs: 30, patience: 30 } }),
      await trainNetwork({ backend, training, validation, settings: { ...logisticSettings, maxEpochs: 30, patience: 30, l2: 0.1 } }),
    ];
    expect(norm(held)).toBeLessThan(0.7 * norm(free));
  });

  test('balanced weights lift the rare class: with no signal the mean probability goes from its share to ½', async () => {
    const backend = await loadBackend(['wasm']);
    const rare = (rows: number): LabelledRows => ({ x: { names: ['one'], rows, values: new Float64Array(rows).fill(1) }, y: Float64Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 1 : 0)) });
    const train = async (classWeighting: 'none' | 'balanced') => {
      const settings = { ...logisticSettings, learningRate: 0.2, batchSize: 200, maxEpochs: 200, patience: 200, classWeighting };
      // Judged on rows of the weighted kind, so that the kept epoch is the last for both.
      const judged = classWeighting === 'none' ? rare(200) : { ...rare(200), y: Float64Array.from({ length: 200 }, (_, row) => row % 2) };
      return compilePredictor((await trainNetwork({ backend, training: rare(200), validation: judged, settings })).network).predictRow([1]);
    };
    expect(await train('none')).toBeCloseTo(0.2, 2);
    expect(await train('balanced')).toBeCloseTo(0.5, 2);
  });

  test('dropout changes what is learnt, and is off when judging and predicting', async () => {
    const backend = await loadBackend(['wasm']);
    const train = (dropout: number) => trainNetwork({ backend, training, validation, settings: { ...networkSettings, dropout, maxEpochs: 1 } });
    const [without, half] = [await train(0), await train(0.5)];
    expect(weightBytes(half)).not.toBe(weightBytes(without));
    expect(lossOf(half.network)).toBeCloseTo(half.history[0]!.validationLoss, 6);
  });
});

describe('what is refused', () => {
  const train = async (change: { training?: LabelledRows; validation?: LabelledRows; settings?: TrainingSettings }) =>
    trainNetwork({ backend: await loadBackend(['wasm']), training, validation, settings: networkSettings, ...change });
  const withValue = (value: number): LabelledRows => ({ ...training, x: { ...training.x, values: training.x.values.with(13, value) } });

  test.each<[string, Parameters<typeof train>[0], string]>([
    ['no rows', { training: { x: { names: ['a'], rows: 0, values: new Float64Array(0) }, y: [] } }, 'The training rows are 0 × 1; at least 1 × 1 is needed.'],
    ['a wrong size', { training: { ...training, x: { ...training.x, rows: 399 } } }, 'The training rows are 399 × 6, which is 2394 values; got 2400.'],
    ['too few labels', { validation: { ...validation, y: [1, 0] } }, 'There are 200 validation rows but 2 labels.'],
    ['a label of ½', { validation: { ...validation, y: new Float64Array(200).fill(0.5) } }, 'The validation label of row 0 is 0.5; labels are 0 or 1.'],
    ['a NaN', { training: withValue(NaN) }, 'The training rows have NaN in row 2, column f1; features are finite numbers.'],
    ['a number too big for single precision', { training: withValue(1e39) }, 'The training rows have 1e+39 in row 2, column f1; features are finite numbers.'],
    ['one class', { training: { ...training, y: new Float64Array(400).fill(1) } }, 'All 400 training labels are 1; both 0 and 1 are needed.'],
    ['other columns', { validation: sampleRows(10, 5, 1) }, 'The training rows have 6 features but the validation rows 5.'],
    // Rows in which the signs of features and weights agree have log-odds beyond single precision.
    ['a runaway', { training: { ...training, x: { ...training.x, values: training.x.values.map((value) => Math.sign(value) * 3e38) } }, settings: logisticSettings }, 'The training went astray in epoch 1'],
    ['settings that are not valid', { settings: { ...networkSettings, batchSize: 0 } }, 'These training settings are not valid: batchSize is 0'],
  ])('%s', async (_, change, message) => {
    await expect(train(change)).rejects.toThrow(RangeError);
    await expect(train(change)).rejects.toThrow(message);
  });
});
