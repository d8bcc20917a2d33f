import { CALIBRATION_METHODS } from '../calibration/index.ts';
import { ARCHITECTURES, checkSettings, CLASS_WEIGHTINGS, HIDDEN_ACTIVATIONS, LOSSES, TARGETS, type TrainingSettings } from '../training/settings.ts';
import { readList, readMember, readNumber, readOneOf, type Place } from './reader.ts';

/** Throws RangeError for settings that training would refuse, too. */
export function readSettings(place: Place): TrainingSettings {
  const settings = readFamily(place);
  checkSettings(settings);
  return settings;
}

function readFamily(place: Place): TrainingSettings {
  const number = (name: string) => readNumber(readMember(place, name));
  const common = {
    target: readOneOf(readMember(place, 'target'), TARGETS),
    loss: readOneOf(readMember(place, 'loss'), LOSSES),
    classWeighting: readOneOf(readMember(place, 'classWeighting'), CLASS_WEIGHTINGS),
    calibration: readOneOf(readMember(place, 'calibration'), CALIBRATION_METHODS),
    members: number('members'),
    learningRate: number('learningRate'),
    patience: number('patience'),
    l2: number('l2'),
    seed: number('seed'),
  };
  const architecture = readOneOf(readMember(place, 'architecture'), ARCHITECTURES);
  if (architecture === 'gradient-boosted-trees') {
    return {
      architecture,
      ...common,
      maxTrees: number('maxTrees'),
      maxDepth: number('maxDepth'),
      minRows: number('minRows'),
      minChildWeight: number('minChildWeight'),
      rowShare: number('rowShare'),
      columnShare: number('columnShare'),
      bins: number('bins'),
    };
  }
  const descent = { ...common, batchSize: number('batchSize'), maxEpochs: number('maxEpochs') };
  if (architecture !== 'neural-network') return { architecture, ...descent };
  return {
    architecture,
    ...descent,
    hiddenLayers: readList(readMember(place, 'hiddenLayers'), readNumber),
    activation: readOneOf(readMember(place, 'activation'), HIDDEN_ACTIVATIONS),
    dropout: number('dropout'),
  };
}
