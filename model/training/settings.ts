export const ARCHITECTURES = ['logistic', 'neural-network'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
export const HIDDEN_ACTIVATIONS = ['relu', 'tanh'] as const;
export type HiddenActivation = (typeof HIDDEN_ACTIVATIONS)[number];
export const CLASS_WEIGHTINGS = ['none', 'balanced'] as const;
export type ClassWeighting = (typeof CLASS_WEIGHTINGS)[number];

/** How to train, whatever the architecture. */
interface CommonSettings {
  /** Step size of Adam (Kingma and Ba, 2015), above 0; its other constants are TensorFlow's. */
  readonly learningRate: number;
  /** Rows per step; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  /** Passes over the training rows, at most. */
  readonly maxEpochs: number;
  /** Epochs without a new lowest validation log-loss after which training stops. The best epoch's weights are kept. */
  readonly patience: number;
  /** Adds `l2 · Σ w²` over all kernels, not biases, to the loss, as Keras does. 0 for none. */
  readonly l2: number;
  /** `balanced` weighs a row by n / (2 · rows of its class), so that both classes count the same in the loss. */
  readonly classWeighting: ClassWeighting;
  /** Decides initial weights, order of rows and dropout. Any whole number that a double holds exactly. */
  readonly seed: number;
}

/** Logistic regression: one dense unit with a sigmoid. */
export interface LogisticSettings extends CommonSettings {
  readonly architecture: 'logistic';
}

/** Dense hidden layers, then one unit with a sigmoid. */
export interface NeuralNetworkSettings extends CommonSettings {
  readonly architecture: 'neural-network';
  /** Units of each hidden layer, first to last; at least one layer. */
  readonly hiddenLayers: readonly number[];
  readonly activation: HiddenActivation;
  /** Share of a hidden layer's outputs that is set to 0 in each training step, in [0, 1); the rest is scaled up. */
  readonly dropout: number;
}

/** Everything that decides a training, besides the rows and the backend. Plain JSON: stored with the model. */
export type TrainingSettings = LogisticSettings | NeuralNetworkSettings;

/** Throws RangeError that names everything that is wrong with the settings at once. */
export function checkSettings(settings: TrainingSettings): void {
  const wrong = [...commonProblems(settings), ...(settings.architecture === 'neural-network' ? networkProblems(settings) : [])];
  if (wrong.length > 0) throw new RangeError(`These training settings are not valid: ${wrong.join('; ')}.`);
}

function* commonProblems(settings: TrainingSettings): Iterable<string> {
  yield* choiceProblems('architecture', settings.architecture, ARCHITECTURES);
  const { learningRate } = settings;
  if (!(learningRate > 0 && learningRate <= 1)) yield `learningRate is ${learningRate}, not above 0 and at most 1`;
  yield* countProblems('batchSize', settings.batchSize);
  yield* countProblems('maxEpochs', settings.maxEpochs);
  yield* countProblems('patience', settings.patience);
  if (!(settings.l2 >= 0 && settings.l2 < Infinity)) yield `l2 is ${settings.l2}, not 0 or more`;
  yield* choiceProblems('classWeighting', settings.classWeighting, CLASS_WEIGHTINGS);
  if (!Number.isSafeInteger(settings.seed)) yield `seed is ${settings.seed}, not a whole number`;
}

function* networkProblems(settings: NeuralNetworkSettings): Iterable<string> {
  if (settings.hiddenLayers.length === 0) yield 'hiddenLayers is empty; without hidden layers the architecture is logistic';
  for (const [at, units] of settings.hiddenLayers.entries()) yield* countProblems(`hiddenLayers[${at}]`, units);
  yield* choiceProblems('activation', settings.activation, HIDDEN_ACTIVATIONS);
  if (!(settings.dropout >= 0 && settings.dropout < 1)) yield `dropout is ${settings.dropout}, not from 0 to below 1`;
}

function* choiceProblems(name: string, choice: string, choices: readonly string[]): Iterable<string> {
  if (!choices.includes(choice)) yield `${name} is ${choice}, not ${choices.join(' or ')}`;
}

function* countProblems(name: string, count: number): Iterable<string> {
  if (!Number.isSafeInteger(count) || count < 1) yield `${name} is ${count}, not a whole number of 1 or more`;
}
