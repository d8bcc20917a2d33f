import { canonicalJson, digestOf, listed } from '../../dsl/util/index.ts';
import { checkAnswer, inputsOf, type Estimator } from '../predictor/index.ts';
import { bytesOf, modelOf, readEstimator } from './estimator-format.ts';
import type { ModelDocument } from './model-document.ts';
import { readModelDocument } from './read-document.ts';
import { readDigest, readMember } from './reader.ts';

/** The files of a stored model: a network in the standard layers format of TensorFlow.js, or trees in our own, and what Pipewright knows about it. */
export const MODEL_FILES = ['model.json', 'weights.bin', 'pipewright.json'] as const;
export type ModelFile = (typeof MODEL_FILES)[number];

/** A model that was read: ready for `compileModel`. */
export interface Model {
  readonly document: ModelDocument;
  /** Takes normalised features. */
  readonly estimator: Estimator;
}

/**
 * The files of a model. The same document and estimator give the same bytes: canonical JSON, no times. `pipewright.json`
 * carries the digests of the other two, so that files of two models cannot be mixed up.
 *
 * Throws RangeError for an estimator or a document that is not valid, or when the two do not fit together.
 */
export function encodeModel(document: ModelDocument, estimator: Estimator): { files: Record<ModelFile, Uint8Array> } {
  inputsOf(estimator);
  const model = jsonBytes(modelOf(estimator));
  const weights = bytesOf(estimator);
  const checked = inFile('pipewright.json', () => readModelDocument(document));
  requireFit(checked, estimator);
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
  const estimator = inFile('model.json', () => readEstimator(model, weights));
  requireFit(document, estimator);
  return { document, estimator };
}

function requireFit({ featureSet, score, training }: ModelDocument, estimator: Estimator): void {
  const names = featureSet.names.length;
  const inputs = inputsOf(estimator);
  if (names !== inputs) throw new RangeError(`The document names ${names} features; the ${estimator.kind === 'trees' ? 'trees take' : 'network takes'} ${inputs}.`);
  const { length } = training.members;
  if (length !== estimator.members.length) throw new RangeError(`The document names ${length} members; the model has ${estimator.members.length}.`);
  checkAnswer(estimator, score);
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
