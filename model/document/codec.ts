import { canonicalJson, digestOf, listed } from '../../dsl/util/index.ts';
import { checkNetwork, type Network } from '../predictor/index.ts';
import { layersModelOf, readLayersModel, weightBytesOf } from './layers-format.ts';
import type { ModelDocument } from './model-document.ts';
import { readModelDocument } from './read-document.ts';
import { readDigest, readMember } from './reader.ts';

/** The files of a stored model: the standard layers format of TensorFlow.js, and what Pipewright knows about it. */
export const MODEL_FILES = ['model.json', 'weights.bin', 'pipewright.json'] as const;
export type ModelFile = (typeof MODEL_FILES)[number];

/** A model that was read: ready for `compilePredictor(network, document.normalisation)`. */
export interface Model {
  readonly document: ModelDocument;
  /** Takes normalised features. */
  readonly network: Network;
}

/**
 * The files of a model. The same document and network give the same bytes: canonical JSON, no times. `pipewright.json`
 * carries the digests of the other two, so that files of two models cannot be mixed up.
 *
 * Throws RangeError for a network or a document that is not valid, or when the two do not fit together.
 */
export function encodeModel(document: ModelDocument, network: Network): { files: Record<ModelFile, Uint8Array> } {
  checkNetwork(network);
  const model = jsonBytes(layersModelOf(network));
  const weights = weightBytesOf(network);
  const checked = inFile('pipewright.json', () => readModelDocument(document));
  requireFit(checked, network);
  const digests = { 'model.json': digestOf(model), 'weights.bin': digestOf(weights) };
  const description = inFile('pipewright.json', () => jsonBytes({ ...checked, files: digests }));
  return { files: { 'model.json': model, 'weights.bin': weights, 'pipewright.json': description } };
}

/**
 * A model from its files; others beside them are not looked at. Throws RangeError that names the file and the place when
 * a file is missing or damaged, when files are of different models, or when sizes do not fit.
 */
export function decodeModel(files: Readonly<Record<string, Uint8Array>>): Model {
  const missing = MODEL_FILES.filter((name) => files[name] === undefined);
  if (missing.length > 0) throw new RangeError(`A model has the files ${listed(MODEL_FILES)}; missing: ${listed(missing)}.`);
  const [modelBytes, weights, documentBytes] = MODEL_FILES.map((name) => files[name]!) as [Uint8Array, Uint8Array, Uint8Array];

  const json = parseJson('pipewright.json', documentBytes);
  const document = inFile('pipewright.json', () => readModelDocument(json));
  for (const [name, bytes] of [['model.json', modelBytes], ['weights.bin', weights]] as const) {
    const expected = inFile('pipewright.json', () => readDigest(readMember(readMember({ value: json, path: '' }, 'files'), name)));
    const digest = digestOf(bytes);
    if (digest !== expected) {
      throw new RangeError(`${name} is not the file of this model: its digest is ${digest}, pipewright.json says ${expected}.`);
    }
  }
  const model = parseJson('model.json', modelBytes);
  const network = inFile('model.json', () => readLayersModel(model, weights));
  requireFit(document, network);
  return { document, network };
}

function requireFit(document: ModelDocument, network: Network): void {
  const names = document.featureSet.names.length;
  if (names !== network.inputs) throw new RangeError(`The document names ${names} features; the network takes ${network.inputs}.`);
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(value)}\n`);
}

function parseJson(file: ModelFile, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RangeError(`${file} is not JSON: ${(error as Error).message}.`);
  }
}

/** Puts the file's name in front of what a reader says, or the writer of canonical JSON, which throws TypeError. */
function inFile<T>(file: ModelFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new RangeError(`${file}: ${error.message}`);
    throw error;
  }
}
