import { readCalibration, readScore } from './read-calibration.ts';
import { readSettings } from './read-settings.ts';
import {
  MODEL_FORMAT_VERSION,
  type GoldenPrediction,
  type MemberTraining,
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
 * A model document from parsed JSON, of this format version or the one before. Members that it does not know are left
 * out. Throws RangeError that names the first place which is wrong.
 */
export function readModelDocument(json: unknown): ModelDocument {
  const given: Place = { value: json, path: '' };
  const version = readMember(given, 'formatVersion');
  if (version.value !== 1 && version.value !== MODEL_FORMAT_VERSION) refuse(version, `1 or ${MODEL_FORMAT_VERSION}, the versions that this release reads`);
  const root = version.value === 1 ? upgrade(given) : given;
  const featureSet = readMember(root, 'featureSet');
  const names = readList(readMember(featureSet, 'names'), readText);
  if (names.length === 0) refuse(readMember(featureSet, 'names'), 'a list of at least one name');
  const training = readTraining(readMember(root, 'training'));
  const { target } = training.settings;
  if (readMember(root, 'target').value !== target) refuse(readMember(root, 'target'), `${target}, as in training.settings`);
  return {
    formatVersion: MODEL_FORMAT_VERSION,
    name: readText(readMember(root, 'name')),
    target,
    horizonDays: readCount(readMember(root, 'horizonDays')),
    featureSet: {
      definition: readJson(readMember(featureSet, 'definition')),
      names,
      hash: readDigest(readMember(featureSet, 'hash')),
    },
    normalisation: readNormalisation(readMember(root, 'normalisation'), names.length),
    score: readScore(readMember(root, 'score'), target),
    calibration: readCalibration(readMember(root, 'calibration')),
    decisionThreshold: readShare(readMember(root, 'decisionThreshold')),
    training,
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
    members: readMembers(readMember(place, 'members')),
  };
}

function readMembers(place: Place): MemberTraining[] {
  const members = readList(place, (item) => ({
    seed: readNumber(readMember(item, 'seed')),
    bestEpoch: readCount(readMember(item, 'bestEpoch')),
    epochs: readCount(readMember(item, 'epochs')),
  }));
  return members.length === 0 ? refuse(place, 'a list of at least one member') : members;
}

/** What version 1 left unsaid: one network of direction, whose sigmoid is the probability. */
function upgrade(root: Place): Place {
  const training = readMember(root, 'training');
  const settings = readMember(training, 'settings');
  const member = { seed: readMember(settings, 'seed').value, bestEpoch: readMember(training, 'bestEpoch').value, epochs: readMember(training, 'epochs').value };
  readOneOf(readMember(root, 'target'), ['direction']);
  return {
    path: root.path,
    value: {
      ...(root.value as object),
      score: { kind: 'log-odds' },
      calibration: { method: 'none' },
      training: { ...(training.value as object), members: [member], settings: { ...(settings.value as object), target: 'direction', loss: 'log', calibration: 'none', members: 1 } },
    },
  };
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
