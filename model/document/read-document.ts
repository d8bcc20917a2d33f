import { ARCHITECTURES, checkSettings, CLASS_WEIGHTINGS, HIDDEN_ACTIVATIONS, type TrainingSettings } from '../training/settings.ts';
import {
  MODEL_FORMAT_VERSION,
  type GoldenPrediction,
  type ModelDocument,
  type SplitRecord,
  type TrainingRecord,
} from './model-document.ts';
import {
  readCount,
  readDay,
  readDigest,
  readJson,
  readList,
  readMember,
  readNumber,
  readOneOf,
  readRecord,
  readShare,
  readText,
  refuse,
  type Place,
} from './reader.ts';

/**
 * A model document from parsed JSON. Members that it does not know are left out. Throws RangeError that names the first
 * place which is wrong.
 */
export function readModelDocument(json: unknown): ModelDocument {
  const root: Place = { value: json, path: '' };
  const version = readMember(root, 'formatVersion');
  if (version.value !== MODEL_FORMAT_VERSION) refuse(version, `${MODEL_FORMAT_VERSION}, the one version that this release reads`);
  const featureSet = readMember(root, 'featureSet');
  const names = readList(readMember(featureSet, 'names'), readText);
  if (names.length === 0) refuse(readMember(featureSet, 'names'), 'a list of at least one name');
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name: readText(readMember(root, 'name')),
    target: readText(readMember(root, 'target')),
    horizonDays: readCount(readMember(root, 'horizonDays')),
    featureSet: {
      definition: readJson(readMember(featureSet, 'definition')),
      names,
      hash: readDigest(readMember(featureSet, 'hash')),
    },
    normalisation: readNormalisation(readMember(root, 'normalisation'), names.length),
    decisionThreshold: readShare(readMember(root, 'decisionThreshold')),
    training: readTraining(readMember(root, 'training')),
    figures: readJson(readMember(root, 'figures')),
    golden: readGolden(readMember(root, 'golden'), names.length),
    data: readRecord(readMember(root, 'data'), readDigest),
  };
}

function readNormalisation(place: Place, columns: number): ModelDocument['normalisation'] {
  const mean = readList(readMember(place, 'mean'), readNumber);
  const scale = readList(readMember(place, 'scale'), (item) => (readNumber(item) === 0 ? refuse(item, 'other than 0') : readNumber(item)));
  requireLength(readMember(place, 'mean'), mean, columns);
  requireLength(readMember(place, 'scale'), scale, columns);
  return { mean, scale };
}

function readTraining(place: Place): TrainingRecord {
  const backend = readMember(place, 'backend');
  return {
    settings: readSettings(readMember(place, 'settings')),
    backend: { name: readText(readMember(backend, 'name')), version: readText(readMember(backend, 'version')) },
    splits: readRecord(readMember(place, 'splits'), readSplit),
    bestEpoch: readCount(readMember(place, 'bestEpoch')),
    epochs: readCount(readMember(place, 'epochs')),
  };
}

function readSettings(place: Place): TrainingSettings {
  const number = (name: string) => readNumber(readMember(place, name));
  const common = {
    learningRate: number('learningRate'),
    batchSize: number('batchSize'),
    maxEpochs: number('maxEpochs'),
    patience: number('patience'),
    l2: number('l2'),
    classWeighting: readOneOf(readMember(place, 'classWeighting'), CLASS_WEIGHTINGS),
    seed: number('seed'),
  };
  const architecture = readOneOf(readMember(place, 'architecture'), ARCHITECTURES);
  const settings: TrainingSettings =
    architecture === 'logistic'
      ? { architecture, ...common }
      : {
          architecture,
          ...common,
          hiddenLayers: readList(readMember(place, 'hiddenLayers'), readNumber),
          activation: readOneOf(readMember(place, 'activation'), HIDDEN_ACTIVATIONS),
          dropout: number('dropout'),
        };
  checkSettings(settings);
  return settings;
}

function readSplit(place: Place): SplitRecord {
  const from = readDay(readMember(place, 'from'));
  const to = readDay(readMember(place, 'to'));
  if (from > to) refuse(readMember(place, 'to'), `${from} or later, where the split begins`);
  return { from, to, rows: readCount(readMember(place, 'rows')) };
}

function readGolden(place: Place, columns: number): GoldenPrediction[] {
  const golden = readList(place, (item) => {
    const row = readList(readMember(item, 'row'), readNumber);
    requireLength(readMember(item, 'row'), row, columns);
    return { row, probability: readShare(readMember(item, 'probability')) };
  });
  if (golden.length === 0) refuse(place, 'a list of at least one golden prediction');
  return golden;
}

function requireLength(place: Place, list: readonly unknown[], length: number): void {
  if (list.length !== length) throw new RangeError(`${place.path} has ${list.length} numbers; the model has ${length} features.`);
}
