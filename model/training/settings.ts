import { CALIBRATION_METHODS, type CalibrationMethod } from '../calibration/index.ts';

export const ARCHITECTURES = ['logistic', 'linear', 'neural-network', 'gradient-boosted-trees'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
export const TARGETS = ['direction', 'return'] as const;
/** What is learned: whether the close rises over the horizon, or by how much. */
export type Target = (typeof TARGETS)[number];
export const HIDDEN_ACTIVATIONS = ['relu', 'tanh'] as const;
export type HiddenActivation = (typeof HIDDEN_ACTIVATIONS)[number];
export const CLASS_WEIGHTINGS = ['none', 'balanced'] as const;
export type ClassWeighting = (typeof CLASS_WEIGHTINGS)[number];
export const LOSSES = ['log', 'squared', 'huber'] as const;
/** The log-loss is for direction, the other two for return. */
export type Loss = (typeof LOSSES)[number];

/** How to train, whatever the architecture. */
interface CommonSettings {
  readonly target: Target;
  /** Huber's is squared up to 1.345 deviations of the training returns and straight beyond (Huber 1964), so that a few wild days count less. */
  readonly loss: Loss;
  /** `balanced` weighs a row by n / (2 · rows of its class), so that both classes count the same in the loss. Of direction only. */
  readonly classWeighting: ClassWeighting;
  /** Learned on the validation rows, after the training. */
  readonly calibration: CalibrationMethod;
  /** Models that are trained, each with a seed of its own; their scores are averaged. */
  readonly members: number;
  /** Decides all that is drawn: initial weights, order of rows, dropout, subsamples. Any whole number that a double holds exactly. */
  readonly seed: number;
}

interface DescentSettings extends CommonSettings {
  /** Step size of Adam (Kingma and Ba, 2015), above 0; its other constants are TensorFlow's. */
  readonly learningRate: number;
  /** Rows per step; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Passes over the training rows, at most. */
  readonly maxEpochs: number;
  /** Epochs without a new lowest validation loss after which training stops. The best epoch's weights are kept. */
  readonly patience: number;
  /** Adds `l2 · Σ w²` over all kernels, not biases, to the loss, as Keras does. 0 for none. */
  readonly l2: number;
}

/** One dense unit: logistic regression with a sigmoid, for direction; linear regression without, for return. */
export interface OneUnitSettings extends DescentSettings {
  readonly architecture: 'logistic' | 'linear';
}

/** Dense hidden layers, then one unit: with a sigmoid for direction, without for return. */
export interface NeuralNetworkSettings extends DescentSettings {
  readonly architecture: 'neural-network';
  /** Units of each hidden layer, first to last; at least one layer. */
  readonly hiddenLayers: readonly number[];
  readonly activation: HiddenActivation;
  /** Share of a hidden layer's outputs that is set to 0 in each training step, in [0, 1); the rest is scaled up. */
  readonly dropout: number;
}

/** What TensorFlow.js trains. */
export type NetworkSettings = OneUnitSettings | NeuralNetworkSettings;

/** Trees one after the other, each fitted to what is left of the loss (Chen and Guestrin, 2016). */
export interface TreesSettings extends CommonSettings {
  readonly architecture: 'gradient-boosted-trees';
  /** Shrinkage: what of a tree's answer counts, in (0, 1]. */
  readonly learningRate: number;
  readonly maxTrees: number;
  /** Trees without a new lowest validation loss after which training stops. Those up to the best are kept. */
  readonly patience: number;
  /** Questions on the longest way from root to leaf. */
  readonly maxDepth: number;
  /** Rows that a leaf has at least. */
  readonly minRows: number;
  /** Sum of second derivatives that a leaf has at least; with a squared loss these are rows. */
  readonly minChildWeight: number;
  /** λ in a leaf's answer −G / (H + λ). */
  readonly l2: number;
  /** Share of the rows that a tree sees, drawn for each, in (0, 1]. */
  readonly rowShare: number;
  /** Share of the columns that a tree sees, drawn for each, in (0, 1]; at least one. */
  readonly columnShare: number;
  /** Bins per column at most, from 2 to 256. */
  readonly bins: number;
}

/** Everything that decides a training, besides the rows and the backend. Plain JSON: stored with the model. */
export type TrainingSettings = NetworkSettings | TreesSettings;

/** Throws RangeError that names everything that is wrong with the settings at once. */
export function checkSettings(settings: TrainingSettings): void {
  const wrong = [...commonProblems(settings), ...familyProblems(settings)];
  if (wrong.length > 0) throw new RangeError(`These training settings are not valid: ${wrong.join('; ')}.`);
}

/** What sets a candidate apart, in a few words: `logistic, rate 0.01, l2 0.001`. */
export function describeSettings(settings: TrainingSettings): string {
  const { architecture, learningRate, l2, members, calibration, target } = settings;
  return [
    ...(members === 1 ? [] : [`${members} ×`]),
    shapeOf(settings),
    ...(target === 'return' && architecture !== 'linear' ? ['of return,'] : []),
    ...(settings.loss === 'huber' ? ['Huber loss,'] : []),
    `rate ${learningRate}, l2 ${l2}${settings.classWeighting === 'balanced' ? ', balanced' : ''}${calibration === 'none' ? '' : `, ${calibration}`}`,
  ].join(' ');
}

function shapeOf(settings: TrainingSettings): string {
  switch (settings.architecture) {
    case 'logistic':
    case 'linear':
      return `${settings.architecture},`;
    case 'neural-network':
      return `network ${settings.hiddenLayers.join('-')} ${settings.activation}, dropout ${settings.dropout},`;
    case 'gradient-boosted-trees':
      return `trees of depth ${settings.maxDepth}, ${settings.minRows} rows a leaf,`;
  }
}

function* commonProblems(settings: TrainingSettings): Iterable<string> {
  yield* choiceProblems('architecture', settings.architecture, ARCHITECTURES);
  yield* choiceProblems('target', settings.target, TARGETS);
  yield* lossProblems(settings);
  const { learningRate } = settings;
  if (!(learningRate > 0 && learningRate <= 1)) yield `learningRate is ${learningRate}, not above 0 and at most 1`;
  yield* countProblems('patience', settings.patience);
  if (!(settings.l2 >= 0 && settings.l2 < Infinity)) yield `l2 is ${settings.l2}, not 0 or more`;
  yield* choiceProblems('classWeighting', settings.classWeighting, CLASS_WEIGHTINGS);
  yield* choiceProblems('calibration', settings.calibration, CALIBRATION_METHODS);
  yield* countProblems('members', settings.members);
  if (!Number.isSafeInteger(settings.seed)) yield `seed is ${settings.seed}, not a whole number`;
}

function* lossProblems({ target, loss, architecture, classWeighting }: TrainingSettings): Iterable<string> {
  yield* choiceProblems('loss', loss, LOSSES);
  if ((loss === 'log') !== (target === 'direction')) yield `loss is ${loss}, which is not for the target ${target}`;
  if (architecture === 'logistic' && target !== 'direction') yield `target is ${target}; of the architectures with one unit, linear is for it`;
  if (architecture === 'linear' && target !== 'return') yield `target is ${target}; of the architectures with one unit, logistic is for it`;
  if (classWeighting !== 'none' && target === 'return') yield 'classWeighting is for the target direction, which has classes';
}

function familyProblems(settings: TrainingSettings): Iterable<string> {
  return settings.architecture === 'gradient-boosted-trees' ? treesProblems(settings) : descentProblems(settings);
}

function* descentProblems(settings: NetworkSettings): Iterable<string> {
  yield* countProblems('batchSize', settings.batchSize);
  yield* countProblems('maxEpochs', settings.maxEpochs);
  if (settings.architecture !== 'neural-network') return;
  if (settings.hiddenLayers.length === 0) yield 'hiddenLayers is empty; without hidden layers the architecture is logistic or linear';
  for (const [at, units] of settings.hiddenLayers.entries()) yield* countProblems(`hiddenLayers[${at}]`, units);
  yield* choiceProblems('activation', settings.activation, HIDDEN_ACTIVATIONS);
  if (!(settings.dropout >= 0 && settings.dropout < 1)) yield `dropout is ${settings.dropout}, not from 0 to below 1`;
}

function* treesProblems(settings: TreesSettings): Iterable<string> {
  yield* countProblems('maxTrees', settings.maxTrees);
  yield* countProblems('maxDepth', settings.maxDepth);
  yield* countProblems('minRows', settings.minRows);
  if (!(settings.minChildWeight >= 0 && settings.minChildWeight < Infinity)) yield `minChildWeight is ${settings.minChildWeight}, not 0 or more`;
  for (const share of ['rowShare', 'columnShare'] as const) {
    if (!(settings[share] > 0 && settings[share] <= 1)) yield `${share} is ${settings[share]}, not above 0 and at most 1`;
  }
  if (!(Number.isInteger(settings.bins) && settings.bins >= 2 && settings.bins <= 256)) yield `bins is ${settings.bins}, not a whole number from 2 to 256`;
  if (settings.members > 1 && settings.rowShare === 1 && settings.columnShare === 1) {
    yield `members is ${settings.members}, but with all rows and columns for each tree they would all be the same`;
  }
}

function* choiceProblems(name: string, choice: string, choices: readonly string[]): Iterable<string> {
  if (!choices.includes(choice)) yield `${name} is ${choice}, not ${choices.join(' or ')}`;
}

function* countProblems(name: string, count: number): Iterable<string> {
  if (!Number.isSafeInteger(count) || count < 1) yield `${name} is ${count}, not a whole number of 1 or more`;
}
