import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileModel, decodeModel, MODEL_FILES, verifyGolden, type Model } from '../../../model/document/index.ts';
import { readDataset, writeDataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { settingsOf } from '../../../steps/train/candidate.ts';
import type { Candidate } from '../../../steps/train/contract.ts';
import train from '../../../steps/train/run.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, featuresOf, QUICK, readJson, trainOn, type Features, type Rig } from '../rig.ts';

/** An optional package: some machines have it. */
const HAS_NATIVE = existsSync(new URL('../../../node_modules/@tensorflow/tfjs-node', import.meta.url));
const NETWORK: Candidate = { architecture: 'neural-network', hiddenLayers: [4], learningRate: 0.01, dropout: 0.2, maxEpochs: 2 };

const bytesOf = async (folder: string): Promise<Record<string, Buffer>> =>
  Object.fromEntries(await Promise.all(MODEL_FILES.map(async (name) => [name, await readFile(join(folder, name))] as const)));
const modelIn = async (folder: string): Promise<Model> => decodeModel(await bytesOf(folder));

describe('train', () => {
  let rig: Rig;
  let features: Features;
  beforeAll(async () => {
    rig = await createRig();
    features = await featuresOf(rig, sp500());
  });
  afterAll(() => rig.remove());

  /** The features with another value wherever the test says so. */
  async function tamper(change: (value: number, column: string, part: string) => number): Promise<Features> {
    const table = await readDataset(features.table);
    const part = table.texts('part');
    const columns = table.names.map((name) => [
      name, name === 'date' || name === 'part' ? table.texts(name) : table.numbers(name).map((value, row) => change(value, name, part[row]!)),
    ]);
    const path = join(await rig.make(), 'table.arrow');
    await writeDataset(path, Object.fromEntries(columns));
    return { ...features, table: path };
  }

  it('gives the same bytes for the same seed, and others for another', async () => {
    const first = await bytesOf(await trainOn(rig, features, NETWORK));
    expect(await bytesOf(await trainOn(rig, features, NETWORK))).toEqual(first);
    const other = await bytesOf(await trainOn(rig, features, NETWORK, { seed: 2 }));
    expect(other['weights.bin']).not.toEqual(first['weights.bin']);
  });

  it('never looks at a test row: without a single number in them the model is the same, byte for byte', async () => {
    const blind = await tamper((value, _column, part) => (part === 'test' || part === 'none' ? Number.NaN : value));
    expect(await bytesOf(await trainOn(rig, blind))).toEqual(await bytesOf(await trainOn(rig, features)));
  });

  it('learns from training rows and watches validation rows', async () => {
    const model = await modelIn(await trainOn(rig, features));
    for (const seen of ['train', 'validation']) {
      const changed = await tamper((value, column, part) => (part === seen && column === 'rsi_14' ? 100 - value : value));
      expect((await modelIn(await trainOn(rig, changed))).document).not.toEqual(model.document);
    }
  });

  it('fits the normalisation on training rows alone', async () => {
    const { document } = await modelIn(await trainOn(rig, features));
    const table = await readDataset(features.table);
    const part = table.texts('part');
    const at = document.featureSet.names.indexOf('rsi_14');
    const training = table.numbers('rsi_14').filter((_, row) => part[row] === 'train');
    const mean = training.reduce((sum, value) => sum + value / training.length, 0);
    expect(document.normalisation.mean[at]).toBeCloseTo(mean, 9);
    const shifted = await tamper((value, column, name) => (name === 'validation' && column === 'rsi_14' ? value + 50 : value));
    expect((await modelIn(await trainOn(rig, shifted))).document.normalisation).toEqual(document.normalisation);
  });

  it('writes a model that proves itself, and says what it has seen', async () => {
    const lines: string[] = [];
    const inputs = { features: features.table, definition: features.definition };
    const { outputs, results } = await runInline(train, {
      folder: await rig.make(), inputs, parameters: { candidate: NETWORK, name: 'test-model', backend: 'wasm' }, environment: { PIPEWRIGHT_PROTOCOL: 'lines' }, onLine: (_stream, line) => lines.push(line),
    });
    const model = await modelIn(outputs.model);
    const { document } = model;
    expect(verifyGolden(compileModel(model), document)).toMatchObject({ agrees: true, compared: 16 });
    expect(document).toMatchObject({ name: 'test-model', target: 'direction', horizonDays: 1, training: { backend: { name: 'wasm' }, settings: settingsOf(NETWORK, 1) } });
    const { train: learned, validation, seen } = document.training.splits;
    const dates = (await readDataset(features.table)).texts('date');
    expect(seen).toEqual({ from: learned!.from, to: dates[dates.indexOf(validation!.to) + 1], rows: learned!.rows + validation!.rows });
    expect(results.epochs).toBe(2);
    expect(lines.filter((line) => line.startsWith('::pipewright')).map((line) => (JSON.parse(line.slice(13)) as { done: number; total: number }))).toMatchObject([{ done: 1, total: 2 }, { done: 2, total: 2 }]);
    const figures = await readJson(outputs.figures);
    expect(figures.charts[0].series[1].y).toHaveLength(2);
    expect(figures.charts[0].series[1].y[figures.charts[0].mark.x - 1]).toBeCloseTo(results.validationLogLoss, 9);
  });

  it.each<[string, Candidate]>([
    ['boosted trees, without TensorFlow', { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxTrees: 5, members: 2, calibration: 'platt' }],
    ['boosted trees of return', { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxTrees: 5, target: 'return', loss: 'huber' }],
    ['a linear regression of return', { architecture: 'linear', learningRate: 0.01, maxEpochs: 2, calibration: 'isotonic' }],
  ])('trains %s: the files prove themselves, and the figures are those of the probabilities that are served', async (_what, candidate) => {
    const lines: string[] = [];
    const { outputs, results } = await runInline(train, { folder: await rig.make(), inputs: { features: features.table, definition: features.definition }, parameters: { candidate, backend: 'wasm' }, onLine: (_stream, line) => lines.push(line) });
    const model = await modelIn(outputs.model);
    const predictor = compileModel(model);
    expect(verifyGolden(predictor, model.document)).toMatchObject({ agrees: true, compared: 16 });
    const table = await readDataset(features.table);
    const rows = table.texts('part').flatMap((part, row) => (part === 'validation' ? [row] : []));
    const names = model.document.featureSet.names.map((name) => table.numbers(name));
    const losses = rows.map((row) => {
      const up = predictor.predictRow(names.map((column) => column[row]!));
      return -Math.log(table.numbers('label')[row] === 1 ? up : 1 - up);
    });
    expect(results.validationLogLoss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss / losses.length, 0), 6);
    expect(lines.some((line) => line.includes('TensorFlow'))).toBe(candidate.architecture === 'linear');
    expect(model.document.training.backend.name).toBe(candidate.architecture === 'linear' ? 'wasm' : 'pipewright-trees');
  });

  it('learns returns over the whole horizon, whatever sessions the table lacks', async () => {
    const far = await featuresOf(rig, sp500(), { horizonDays: 5 });
    const { document } = await modelIn(await trainOn(rig, far, { architecture: 'gradient-boosted-trees', learningRate: 1e-9, maxTrees: 1, target: 'return' }));
    const table = await readDataset(far.table);
    const close = table.numbers('close');
    const part = table.texts('part');
    const returnsOf = (name: string): number[] => part.flatMap((each, row) => (each === name ? [close[row + 5]! / close[row]! - 1] : []));
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
    // Nothing is learned at this rate but the mean: what is left is the deviation of the validation returns from it.
    const middle = mean(returnsOf('train'));
    const expected = Math.sqrt(mean(returnsOf('validation').map((value) => (value - middle) ** 2)));
    expect(document.score).toMatchObject({ kind: 'return' });
    expect(document.score.kind === 'return' && document.score.residualScale / expected).toBeCloseTo(1, 5);

    // Between two rows there may be sessions that the table leaves out: closes of rows cannot say what a return was.
    const ofReturn: Candidate = { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxTrees: 2, target: 'return' };
    const without = await tamper((value, column) => (column === 'close' || column === 'next_return' ? Number.NaN : value));
    expect(await bytesOf(await trainOn(rig, without, ofReturn))).toEqual(await bytesOf(await trainOn(rig, features, ofReturn)));
  });

  it.each([
    ['an unknown setting', { architecture: 'logistic', learningRate: 0.1, layers: 3 }, /^PW501: The parameter "candidate" .*member "layers", which is not known/],
    ['a network without layers', { architecture: 'neural-network', learningRate: 0.1 }, /^PW501: .*hiddenLayers/],
    ['a logistic regression with layers', { architecture: 'logistic', learningRate: 0.1, hiddenLayers: [3] }, /^PW501: .*hiddenLayers/],
    ['a rate that is none', { architecture: 'logistic', learningRate: -1 }, /^PW501: .*learningRate/],
  ])('refuses %s', async (_what, candidate, message) => {
    await expect(trainOn(rig, features, candidate as unknown as Candidate)).rejects.toThrow(message);
  });

  it('refuses features that another release computed, and a file that says nothing about features', async () => {
    const definition = await readJson(features.definition);
    const path = join(await rig.make(), 'definition.json');
    await writeFile(path, JSON.stringify({ ...definition, hash: `sha256:${'0'.repeat(64)}` }));
    await expect(trainOn(rig, { ...features, definition: path })).rejects.toThrow(/^PW506: The features were computed by another release: their hash is sha256:0000/);
    await writeFile(path, '{}');
    await expect(trainOn(rig, { ...features, definition: path })).rejects.toThrow(/^PW502: .* does not say what features mean/);
  });

  it.skipIf(HAS_NATIVE)('says what is wrong with a backend that is not there', async () => {
    await expect(runInline(train, { folder: await rig.make(), inputs: { features: features.table, definition: features.definition }, parameters: { candidate: QUICK, backend: 'tensorflow' } }))
      .rejects.toThrow(/^PW505: No backend for TensorFlow works: tensorflow: /);
  });
});
