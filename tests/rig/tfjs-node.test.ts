import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, describe, expect, test } from 'vitest';
import { compileModel, createGolden, decodeModel, encodeModel, verifyGolden } from '../../model/document/index.ts';
import { explainBackend, loadBackend, predictOnBackend } from '../../model/training/index.ts';
import { sampleDocument } from '../model/document/sample-model.ts';
import { fitWithLayers, largestDifference, listWeights } from '../model/training/fit-reference.ts';
import { networkSettings, sampleRows } from '../model/training/sample-rows.ts';
import { trainNetwork } from '../model/training/train-network.ts';

/*
 * The model room on native TensorFlow. tfjs-node is an optional dependency, because it downloads its library when it is
 * installed; where that did not work, there is nothing to test.
 */
const backend = await loadBackend();

if (backend.name !== 'tensorflow') {
  const reason = backend.refused.find(({ name }) => name === 'tensorflow')?.reason ?? 'it was not tried';
  console.warn(
    `\nSKIPPED: native TensorFlow was not tested: ${reason}.\nTo test it, install it where it can download its library: ` +
      'npm install --no-save @tensorflow/tfjs-node@4.22.0 && npx vitest run --config vitest.rig.config.ts tests/rig/tfjs-node.test.ts\n',
  );
}

describe.skipIf(backend.name !== 'tensorflow')('on native TensorFlow', () => {
  const training = sampleRows(400, 6, 1);
  const validation = sampleRows(200, 6, 2);
  const settings = { ...networkSettings, maxEpochs: 15, patience: 15 };
  const folder = mkdtempSync(join(tmpdir(), 'model-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('it is what runs by default, with both versions on record', () => {
    expect(backend.refused).toEqual([]);
    expect(backend.version).toMatch(/^4\.22\.0 \(TensorFlow 2\.\d+\.\d+\)$/);
    expect(explainBackend(backend)).toContain('computes on tensorflow 4.22.0 (TensorFlow 2.');
    expect(backend.tf.getBackend()).toBe('tensorflow');
  });

  test('training learns, gives the same bytes twice, with dropout, and leaves nothing in memory', async () => {
    const before = backend.tf.memory().numTensors;
    const [one, two] = [await trainNetwork({ backend, training, validation, settings }), await trainNetwork({ backend, training, validation, settings })];
    expect(two).toEqual(one);
    expect(one.history.at(-1)!.validationLoss).toBeLessThan(one.history[0]!.validationLoss - 0.05);
    expect(backend.tf.memory().numTensors).toBe(before);
  });

  test('native and wasm start and learn alike: without dropout the weights agree to 1e-3 after 15 epochs', async () => {
    const calm = { ...settings, dropout: 0, activation: 'tanh' as const };
    const native = await trainNetwork({ backend, training, validation, settings: calm });
    const wasm = await trainNetwork({ backend: await loadBackend(['wasm']), training, validation, settings: calm });
    expect(largestDifference(listWeights(native.network), listWeights(wasm.network))).toBeLessThan(1e-3);
    expect(native.backend.name).toBe('tensorflow');
  });

  test('an encoded model opens through the file:// handler of tfjs-node and answers as the compiled predictor does', async () => {
    const trained = await trainNetwork({ backend, training, validation, settings });
    const probabilities = predictOnBackend(backend, trained.network, validation.x);
    const ones = validation.x.names.map(() => 1);
    const document = {
      ...sampleDocument,
      featureSet: { ...sampleDocument.featureSet, names: validation.x.names },
      normalisation: { mean: ones.map(() => 0), scale: ones },
      golden: createGolden(validation.x, probabilities),
    };
    const { files } = encodeModel(document, { kind: 'networks', members: [trained.network] });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);

    // The handler that tfjs-node registered for this scheme; without it there is none for files.
    const model = await loadLayersModel(pathToFileURL(join(folder, 'model.json')).href);
    expect(backend.tf.getBackend()).toBe('tensorflow');
    const { values, rows } = validation.x;
    const expected = (model.predict(backend.tf.tensor2d(Float32Array.from(values), [rows, 6])) as ReturnType<typeof backend.tf.tensor2d>).dataSync();
    const predictor = compileModel(decodeModel(files));
    const got = predictor.predictRows(values, rows);
    for (let row = 0; row < rows; row++) expect(Math.abs(got[row]! - expected[row]!)).toBeLessThanOrEqual(1e-6);
    expect(verifyGolden(predictor, document, 1e-6).agrees).toBe(true);
  });

  test('batches, Adam, L2 and gradients are those of tfjs-layers: model.fit on the same rows ends at the same weights', async () => {
    const full = { ...networkSettings, activation: 'tanh' as const, dropout: 0, l2: 0.01, batchSize: 64 };
    const { network, bestEpoch } = await trainNetwork({ backend, training, validation, settings: full });
    expect(largestDifference(listWeights(network), await fitWithLayers(backend, training, full, bestEpoch))).toBeLessThan(2e-5);
  });
});
