import { inputsOf, type Estimator } from '../predictor/index.ts';
import { layersModelOf, readLayersModel, weightBytesOf } from './layers-format.ts';
import { readCount, readList, readMember, readOneOf, type Place } from './reader.ts';
import { readTreesModel, treeBytesOf, treesModelOf, TREES_FORMAT } from './trees-format.ts';

/** Several networks: each `model.json` inside one, and their weights one after the other. A single network is a plain layers model. */
const ENSEMBLE_FORMAT = 'pipewright/networks/1';

/** `model.json` as a value. */
export function modelOf(estimator: Estimator): unknown {
  if (estimator.kind === 'trees') return treesModelOf(estimator.members);
  const [only, ...others] = estimator.members;
  if (others.length === 0) return layersModelOf(only!);
  const members = estimator.members.map((network) => ({ bytes: weightBytesOf(network).length, model: layersModelOf(network) }));
  return { format: ENSEMBLE_FORMAT, generatedBy: 'Pipewright', members };
}

/** `weights.bin`. */
export function bytesOf(estimator: Estimator): Uint8Array {
  return estimator.kind === 'trees' ? treeBytesOf(estimator.members) : new Uint8Array(Buffer.concat(estimator.members.map(weightBytesOf)));
}

/** Throws RangeError for a `model.json` of another kind, and when it and the bytes do not agree. */
export function readEstimator(json: unknown, bytes: Uint8Array): Estimator {
  const format = readOneOf(readMember({ value: json, path: '' }, 'format'), ['layers-model', ENSEMBLE_FORMAT, TREES_FORMAT]);
  const estimator: Estimator =
    format === TREES_FORMAT
      ? { kind: 'trees', members: readTreesModel(json, bytes) }
      : { kind: 'networks', members: format === ENSEMBLE_FORMAT ? readNetworks({ value: json, path: '' }, bytes) : [readLayersModel(json, bytes)] };
  inputsOf(estimator);
  return estimator;
}

function readNetworks(root: Place, bytes: Uint8Array): ReturnType<typeof readLayersModel>[] {
  const plans = readList(readMember(root, 'members'), (place) => ({ bytes: readCount(readMember(place, 'bytes')), model: readMember(place, 'model').value }));
  const needed = plans.reduce((sum, plan) => sum + plan.bytes, 0);
  if (bytes.length !== needed) throw new RangeError(`weights.bin has ${bytes.length} bytes; the networks in model.json need ${needed}.`);
  let at = 0;
  return plans.map((plan) => readLayersModel(plan.model, bytes.subarray(at, (at += plan.bytes))));
}
