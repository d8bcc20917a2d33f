import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { decodeModel, encodeModel } from '../../../model/document/index.ts';
import type { BoostedTrees, Estimator } from '../../../model/predictor/index.ts';
import { sampleDocument, sampleNetwork } from './sample-model.ts';

const jsonOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, any>;
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Replaces files and makes the digests fit, as a careless writer would leave them. */
function reseal(files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  const document = { ...jsonOf(files['pipewright.json']!), files: { 'model.json': digestOf(files['model.json']!), 'weights.bin': digestOf(files['weights.bin']!) } };
  return { ...files, 'pipewright.json': bytesOf(document) };
}

test('a document of version 1 is read: one network of direction without calibration', () => {
  const estimator: Estimator = { kind: 'networks', members: [sampleNetwork()] };
  const { files } = encodeModel(sampleDocument, estimator);
  const { score: _score, calibration: _calibration, ...old } = jsonOf(files['pipewright.json']);
  const { members, ...training } = old['training'];
  const { target: _target, loss: _loss, calibration: _method, members: _count, ...settings } = training.settings;
  const version1 = { ...old, formatVersion: 1, training: { ...training, settings, bestEpoch: members[0].bestEpoch, epochs: members[0].epochs } };
  expect(decodeModel({ ...files, 'pipewright.json': bytesOf(version1) })).toEqual({ document: sampleDocument, estimator });
  expect(() => decodeModel({ ...files, 'pipewright.json': bytesOf({ ...version1, target: 'range' }) })).toThrow('pipewright.json: target is "range"; it must be one of direction.');
});

/** One tree with one question, and one that is a leaf. */
const stumps: BoostedTrees = {
  inputs: 3,
  base: 0.1,
  roots: Int32Array.of(0, 3),
  column: Int32Array.of(2, -1, -1, -1),
  left: Int32Array.of(1, 0, 0, 0),
  number: Float64Array.of(0.1 + 0.2, -1, 1, 1e-300),
};
const trees: Estimator = { kind: 'trees', members: [stumps, { ...stumps, base: -0.1 }] };
const two = { ...sampleDocument, training: { ...sampleDocument.training, members: [...sampleDocument.training.members, { seed: 2, bestEpoch: 1, epochs: 1 }] } };

describe('trees and ensembles', () => {
  test('come back to the last bit, from a view at an odd offset, too', () => {
    const networks: Estimator = { kind: 'networks', members: [sampleNetwork(1), sampleNetwork(2)] };
    for (const estimator of [trees, networks]) {
      const { files } = encodeModel(two, estimator);
      expect(decodeModel(files)).toEqual({ document: two, estimator });
      const shifted = new Uint8Array(files['weights.bin'].length + 3);
      shifted.set(files['weights.bin'], 3);
      expect(decodeModel({ ...files, 'weights.bin': shifted.subarray(3) }).estimator).toEqual(estimator);
    }
  });

  const { files } = encodeModel(two, trees);
  const withModel = (change: (model: Record<string, any>) => void): Record<string, Uint8Array> => {
    const model = jsonOf(files['model.json']);
    change(model);
    return reseal({ ...files, 'model.json': bytesOf(model) });
  };
  const withInteger = (at: number, value: number): Record<string, Uint8Array> => {
    const weights = files['weights.bin'].slice();
    new DataView(weights.buffer).setInt32(4 * at, value, true);
    return reseal({ ...files, 'weights.bin': weights });
  };

  test.each<[string, Record<string, Uint8Array>, string]>([
    ['bytes cut short', reseal({ ...files, 'weights.bin': files['weights.bin'].subarray(8) }), 'model.json: weights.bin has 136 bytes; the trees in model.json need 144.'],
    ['fewer nodes', withModel((model) => (model['members'][0].nodes = 3)), 'model.json: weights.bin has 144 bytes; the trees in model.json need 128.'],
    ['a base that is none', withModel((model) => (model['members'][0].base = null)), 'model.json: members[0].base is null; it must be a finite number.'],
    ['a tree that begins nowhere', withInteger(1, 4), 'model.json: Tree 2 begins at node 4; there are 4 nodes.'],
    ['a column that is not there', withInteger(2, 3), 'model.json: Node 0 of the trees asks column 3; the model has 3 features.'],
    ['a way back to the root', withInteger(6, 0), 'model.json: Node 0 of the trees has the children 0 and 1; they must lie behind it, below 4.'],
    ['a child beyond the end', withInteger(6, 3), 'model.json: Node 0 of the trees has the children 3 and 4; they must lie behind it, below 4.'],
    ['one member less', withModel((model) => model['members'].pop()), 'model.json: weights.bin has 144 bytes; the trees in model.json need 72.'],
  ])('%s: refused', (_, broken, message) => {
    expect(() => decodeModel(broken)).toThrow(new RangeError(message));
  });

  test('members that the document does not know, and a network that answers something else, are not written', () => {
    expect(() => encodeModel(sampleDocument, trees)).toThrow('The document names 1 members; the model has 2.');
    const linear = sampleNetwork();
    const layers = linear.layers.map((layer, at) => (at === 2 ? { ...layer, activation: 'linear' as const } : layer));
    expect(() => encodeModel(sampleDocument, { kind: 'networks', members: [{ ...linear, layers }] })).toThrow('The last layer of the network has the activation linear; a model of direction needs sigmoid.');
    expect(() => encodeModel(two, { kind: 'trees', members: [stumps, { ...stumps, inputs: 4 }] })).toThrow('One member of the model takes 3 features and another 4.');
  });
});
