import { join } from 'node:path';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { decodeModel, encodeModel, MODEL_FILES, type ModelDocument, type ModelFile } from '../../../model/document/index.ts';
import { ACTIVATIONS, compilePredictor, type Estimator, type Network } from '../../../model/predictor/index.ts';
import { loadBackend } from '../../../model/training/index.ts';
import { sampleDocument, sampleNetwork } from './sample-model.ts';

type Files = Record<ModelFile, Uint8Array>;
const one = (network: Network): Estimator => ({ kind: 'networks', members: [network] });
const { files } = encodeModel(sampleDocument, one(sampleNetwork()));
const jsonOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A JSON file with one member set, or left out for `undefined`; the path is `a.0.b`. */
function alter(bytes: Uint8Array, path: string, value: unknown): Uint8Array {
  const json = jsonOf(bytes);
  const names = path.split('.');
  const parent = names.slice(0, -1).reduce((object, name) => object[name] as Record<string, unknown>, json);
  parent[names.at(-1)!] = value;
  return bytesOf(json);
}

/** The files with `model.json` or `weights.bin` replaced and the digests made to fit, as a careless writer would leave them. */
function reseal(changed: Partial<Files>): Files {
  const next = { ...files, ...changed };
  const document = { ...jsonOf(next['pipewright.json']), files: { 'model.json': digestOf(next['model.json']), 'weights.bin': digestOf(next['weights.bin']) } };
  return { ...next, 'pipewright.json': bytesOf(document) };
}

describe('round trip', () => {
  test('what is decoded is what was encoded', () => {
    expect(Object.keys(files)).toEqual([...MODEL_FILES]);
    expect(decodeModel(files)).toEqual({ document: sampleDocument, estimator: one(sampleNetwork()) });
  });

  test('for networks of any shape, to the last bit', () => {
    const weight = fc.float({ noNaN: true, noDefaultInfinity: true });
    const networks = fc
      .tuple(fc.integer({ min: 1, max: 5 }), fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom(...ACTIVATIONS)), { maxLength: 3 }))
      .chain(([inputs, hidden]) => {
        const plan = [...hidden, [1, 'sigmoid'] as const];
        const layers = plan.map(([units, activation], at) => {
          const width = at === 0 ? inputs : plan[at - 1]![0];
          const array = (length: number) => fc.array(weight, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values));
          return fc.record({ units: fc.constant(units), activation: fc.constant(activation), kernel: array(width * units), bias: array(units) });
        });
        return fc.tuple(...layers).map((drawn): Network => ({ inputs, layers: drawn }));
      });
    fc.assert(
      fc.property(networks, (network) => {
        const names = Array.from({ length: network.inputs }, (_, at) => `f${at}`);
        const ones = names.map(() => 1);
        const document: ModelDocument = {
          ...sampleDocument,
          featureSet: { ...sampleDocument.featureSet, names },
          normalisation: { mean: ones, scale: ones },
          golden: [{ row: ones, probability: 0.5 }],
        };
        expect(decodeModel(encodeModel(document, one(network)).files)).toEqual({ document, estimator: one(network) });
      }),
    );
  });

  test('the bytes do not depend on the order in which a document was put together', () => {
    const reversed = Object.fromEntries(Object.entries(sampleDocument).reverse()) as unknown as ModelDocument;
    expect(encodeModel(reversed, one(sampleNetwork())).files).toEqual(files);
    expect(digestOf(files['weights.bin'])).toBe(digestOf(encodeModel(sampleDocument, one(sampleNetwork())).files['weights.bin']));
  });

  test('weights are little-endian single precision, kernel before bias, row by row', () => {
    const view = new DataView(files['weights.bin'].buffer, files['weights.bin'].byteOffset);
    const [first] = sampleNetwork().layers;
    expect(files['weights.bin'].length).toBe(4 * (12 + 4 + 8 + 2 + 2 + 1));
    expect(view.getFloat32(4, true)).toBe(first!.kernel[1]);
    expect(view.getFloat32(4 * 12, true)).toBe(first!.bias[0]);
  });

  test('decoding works from a view into a larger buffer, at an odd offset', () => {
    const shifted = (bytes: Uint8Array): Uint8Array => {
      const larger = new Uint8Array(bytes.length + 3);
      larger.set(bytes, 3);
      return larger.subarray(3);
    };
    const moved = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, shifted(bytes)]));
    expect(decodeModel(moved)).toEqual(decodeModel(files));
  });
});

test.each(['cpu', 'wasm'] as const)('tf.loadLayersModel opens the files on %s and answers as the compiled predictor does', async (name) => {
  const { tf } = await loadBackend([name]);
  const { modelTopology, weightsManifest } = jsonOf(files['model.json']) as { modelTopology: object; weightsManifest: { weights: never[] }[] };
  const weights = Uint8Array.from(files['weights.bin']).buffer;
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: weights }));
  const values = Float64Array.from({ length: 30 }, (_, at) => Math.sin(at) * 2);
  const expected = (model.predict(tf.tensor2d(Float32Array.from(values), [10, 3])) as ReturnType<typeof tf.tensor2d>).dataSync();
  const got = compilePredictor(sampleNetwork()).predictRows(values, 10);
  for (let row = 0; row < 10; row++) expect(Math.abs(got[row]! - expected[row]!)).toBeLessThan(1e-6);
});

test('reading a model and predicting brings no TensorFlow with it', async () => {
  const room = (name: string) => JSON.stringify(join(import.meta.dirname, `../../../model/${name}/index.ts`));
  const stdin = { contents: `export * from ${room('document')};\nexport * from ${room('predictor')};\n`, resolveDir: import.meta.dirname };
  const { metafile } = await build({ stdin, bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', external: ['@tensorflow/*'], logLevel: 'silent' });
  const imported = Object.values(metafile.inputs).flatMap((input) => input.imports.filter(({ external }) => external).map(({ path }) => path));
  expect(imported).toContain('node:crypto');
  expect(imported.filter((path) => path.includes('tensorflow'))).toEqual([]);
});

describe('damaged files are refused, each with its place', () => {
  const refusal = (broken: Record<string, Uint8Array>): string => {
    try {
      decodeModel(broken);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };

  test('a file is missing', () => {
    const { 'weights.bin': _, ...rest } = files;
    expect(refusal(rest)).toBe('A model has the files model.json, weights.bin and pipewright.json; missing: weights.bin.');
  });

  test('a file is not JSON', () => {
    expect(refusal({ ...files, 'pipewright.json': new TextEncoder().encode('{') })).toMatch(/^pipewright\.json is not JSON: /);
    expect(refusal({ ...files, 'pipewright.json': Uint8Array.of(0xff) })).toMatch(/^pipewright\.json is not JSON: /);
    expect(refusal(reseal({ 'model.json': new TextEncoder().encode('no') }))).toMatch(/^model\.json is not JSON: /);
  });

  test('one bit is flipped, or the file is another model\'s', () => {
    const flipped = files['weights.bin'].slice();
    flipped[5]! ^= 1;
    expect(refusal({ ...files, 'weights.bin': flipped })).toMatch(/^weights\.bin is not the file of this model: its digest is sha256:/);
    expect(refusal({ ...files, 'weights.bin': encodeModel(sampleDocument, one(sampleNetwork(2))).files['weights.bin'] })).toMatch(/^weights\.bin is not the file/);
  });

  const withModel = (path: string, value: unknown): Files => reseal({ 'model.json': alter(files['model.json'], path, value) });
  const [{ weights: specs }] = jsonOf(files['model.json'])['weightsManifest'] as [{ weights: object[] }];
  const layer = 'modelTopology.config.layers';

  test.each<[string, Files, string]>([
    ['weights cut short', reseal({ 'weights.bin': files['weights.bin'].subarray(0, 112) }), 'model.json: weights.bin has 112 bytes; the layers in model.json need 116.'],
    ['NaN weights', reseal({ 'weights.bin': files['weights.bin'].slice().fill(0xff, 4, 8) }), 'model.json: Layer 1 of the network: the kernel has the weight NaN at position 1; weights are finite numbers.'],
    ['another format', withModel('format', 'graph-model'), 'model.json: format is "graph-model"; it must be one of layers-model, pipewright/networks/1 and pipewright/trees/1.'],
    ['another layer', withModel(`${layer}.1.class_name`, 'LSTM'), 'model.json: modelTopology.config.layers[1].class_name is "LSTM"; it must be one of Dense.'],
    ['another activation', withModel(`${layer}.1.config.activation`, 'selu'), 'model.json: modelTopology.config.layers[1].config.activation is "selu"; it must be one of linear, relu, tanh and sigmoid.'],
    ['no layers', withModel(layer, []), 'model.json: modelTopology.config.layers is []; it must be a list that begins with a layer with batch_input_shape.'],
    ['no input shape', withModel(`${layer}.0.config.batch_input_shape`, null), 'model.json: modelTopology.config.layers[0].config.batch_input_shape is null; it must be a list.'],
    ['a picture for an input', withModel(`${layer}.0.config.batch_input_shape`, [null, 8, 8]), 'model.json: modelTopology.config.layers[0].config.batch_input_shape is [null,8,8]; it must be a list of null and the number of inputs.'],
    ['no bias', withModel(`${layer}.0.config.use_bias`, false), 'model.json: modelTopology.config.layers[0].config.use_bias is false; it must be true.'],
    ['a swapped manifest', withModel('weightsManifest.0.weights', specs.toReversed()), 'model.json: weightsManifest does not list the kernel and bias of each layer, in order and in their sizes, in weights.bin.'],
    ['quantised weights', withModel('weightsManifest.0.weights.0.quantization', { dtype: 'uint8' }), 'model.json: weightsManifest does not list the kernel and bias of each layer, in order and in their sizes, in weights.bin.'],
    ['no topology', withModel('modelTopology', undefined), 'model.json: modelTopology is missing; it must be an object.'],
  ])('%s', (_, broken, message) => {
    expect(refusal(broken)).toBe(message);
  });

  test.each<[string, string, unknown, string]>([
    ['a later format', 'formatVersion', 3, 'formatVersion is 3; it must be 1 or 2, the versions that this release reads.'],
    ['no name', 'name', undefined, 'name is missing; it must be a text that is not empty.'],
    ['half a day', 'horizonDays', 0.5, 'horizonDays is 0.5; it must be a whole number of 1 or more.'],
    ['no features', 'featureSet.names', [], 'featureSet.names is []; it must be a list of at least one name.'],
    ['no definition', 'featureSet.definition', undefined, 'featureSet.definition is missing; it must be there.'],
    ['a short hash', 'featureSet.hash', 'sha256:12', 'featureSet.hash is "sha256:12"; it must be a digest: sha256: and 64 hexadecimal digits.'],
    ['too few means', 'normalisation.mean', [0, 0], 'normalisation.mean has 2 numbers; the model has 3 features.'],
    ['too many scales', 'normalisation.scale', [1, 1, 1, 1], 'normalisation.scale has 4 numbers; the model has 3 features.'],
    ['a mean that is null', 'normalisation.mean.1', null, 'normalisation.mean[1] is null; it must be a finite number.'],
    ['a scale of 0', 'normalisation.scale.2', 0, 'normalisation.scale[2] is 0; it must be other than 0.'],
    ['a threshold of 2', 'decisionThreshold', 2, 'decisionThreshold is 2; it must be a number from 0 to 1.'],
    ['an unknown architecture', 'training.settings.architecture', 'forest', 'training.settings.architecture is "forest"; it must be one of logistic, linear, neural-network and gradient-boosted-trees.'],
    ['settings out of range', 'training.settings.dropout', 1, 'These training settings are not valid: dropout is 1, not from 0 to below 1.'],
    ['no backend', 'training.backend.version', undefined, 'training.backend.version is missing; it must be a text that is not empty.'],
    ['a date that is none', 'training.splits.test.from', '3 Jan', 'training.splits.test.from is "3 Jan"; it must be a day such as 2020-02-28.'],
    ['a split that ends first', 'training.splits.test.to', '2016-01-01', 'training.splits.test.to is "2016-01-01"; it must be 2017-01-03 or later, where the split begins.'],
    ['an epoch 0', 'training.members.0.bestEpoch', 0, 'training.members[0].bestEpoch is 0; it must be a whole number of 1 or more.'],
    ['no member', 'training.members', [], 'training.members is []; it must be a list of at least one member.'],
    ['another target than it was trained for', 'target', 'return', 'target is "return"; it must be direction, as in training.settings.'],
    ['a score of another target', 'score.kind', 'return', 'score.kind is "return"; it must be one of log-odds.'],
    ['an unknown calibration', 'calibration.method', 'beta', 'calibration.method is "beta"; it must be one of none, platt and isotonic.'],
    ['a curve that falls', 'calibration', { method: 'isotonic', scores: [0, 1], probabilities: [0.6, 0.4] }, 'calibration.probabilities is [0.6,0.4]; it must be a list that does not fall, with one number per score.'],
    ['a curve that goes back', 'calibration', { method: 'isotonic', scores: [1, 1], probabilities: [0.4, 0.6] }, 'calibration.scores is [1,1]; it must be a list of rising numbers.'],
    ['no figures', 'figures', undefined, 'figures is missing; it must be there.'],
    ['no golden prediction', 'golden', [], 'golden is []; it must be a list of at least one golden prediction.'],
    ['a golden row too long', 'golden.0.row', [1, 2, 3, 4], 'golden[0].row has 4 numbers; the model has 3 features.'],
    ['a golden probability of 1.5', 'golden.0.probability', 1.5, 'golden[0].probability is 1.5; it must be a number from 0 to 1.'],
    ['a data digest that is none', 'data.prices', 'yes', 'data.prices is "yes"; it must be a digest: sha256: and 64 hexadecimal digits.'],
    ['data as a list', 'data', [1], 'data is [1]; it must be an object.'],
    ['no digests of the files', 'files', undefined, 'files is missing; it must be an object.'],
  ])('%s', (_, path, value, message) => {
    expect(refusal({ ...files, 'pipewright.json': alter(files['pipewright.json'], path, value) })).toBe(`pipewright.json: ${message}`);
  });

  test('a document for a network of another width', () => {
    const narrow: Network = { inputs: 2, layers: [{ units: 1, activation: 'sigmoid', kernel: Float32Array.of(1, 2), bias: Float32Array.of(0) }] };
    const message = 'The document names 3 features; the network takes 2.';
    expect(() => encodeModel(sampleDocument, one(narrow))).toThrow(new RangeError(message));
    const other = encodeModel({ ...sampleDocument, featureSet: { ...sampleDocument.featureSet, names: ['a', 'b'] }, normalisation: { mean: [0, 0], scale: [1, 1] }, golden: [{ row: [1, 1], probability: 0.5 }] }, one(narrow)).files;
    expect(refusal(reseal({ 'model.json': other['model.json'], 'weights.bin': other['weights.bin'] }))).toBe(message);
  });
});

test('what could not be read back is not written', () => {
  expect(() => encodeModel({ ...sampleDocument, horizonDays: 0 }, one(sampleNetwork()))).toThrow(new RangeError('pipewright.json: horizonDays is 0; it must be a whole number of 1 or more.'));
  expect(() => encodeModel({ ...sampleDocument, figures: { accuracy: NaN } }, one(sampleNetwork()))).toThrow(new RangeError('pipewright.json: canonical JSON cannot carry NaN'));
  const [first, ...rest] = sampleNetwork().layers;
  expect(() => encodeModel(sampleDocument, one({ inputs: 3, layers: [{ ...first!, bias: Float32Array.of(1, 2, 3, Infinity) }, ...rest] }))).toThrow('the bias has the weight Infinity at position 3');
});
