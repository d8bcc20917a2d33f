import type { JsonSchema } from '../../dsl/contract/index.ts';
import type { TrainingSettings } from '../../model/training/settings.ts';

/**
 * What an author says of a candidate; what is left out has a default, and the seed is the step's own. Plain JSON:
 * `{ architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.002 }`. Which settings belong to which
 * architecture, and what they mean, is in model/training/settings.ts and docs/guides/training.md.
 */
export type Candidate = {
  readonly architecture: 'logistic' | 'linear' | 'neural-network' | 'gradient-boosted-trees';
  /** Step size of Adam, or the shrinkage of trees. */
  readonly learningRate: number;
  /** Default: `direction`; of `linear` it is `return`. */
  readonly target?: 'direction' | 'return';
  /** Of the target return only. */
  readonly loss?: 'squared' | 'huber';
  /** Of the target direction only. */
  readonly classWeighting?: 'none' | 'balanced';
  readonly calibration?: 'none' | 'platt' | 'isotonic';
  /** Models that are trained with different seeds and averaged. */
  readonly members?: number;
  /** Epochs or trees without a better validation loss after which training stops. */
  readonly patience?: number;
  readonly l2?: number;

  /** Of all but trees, as the next. */
  readonly batchSize?: number;
  readonly maxEpochs?: number;

  /** Units of each hidden layer, first to last; of a neural network only, as the next two. */
  readonly hiddenLayers?: readonly number[];
  readonly activation?: 'relu' | 'tanh';
  readonly dropout?: number;

  /** Of trees only, as all that follow. */
  readonly maxTrees?: number;
  readonly maxDepth?: number;
  readonly minRows?: number;
  readonly minChildWeight?: number;
  readonly rowShare?: number;
  readonly columnShare?: number;
  readonly bins?: number;
};

const COMMON = { classWeighting: 'none', calibration: 'none', members: 1 } as const;
const DESCENT = { ...COMMON, batchSize: 64, maxEpochs: 60, patience: 8, l2: 0.0001 } as const;
const NETWORK = { ...DESCENT, activation: 'tanh', dropout: 0 } as const;
const TREES = { ...COMMON, maxTrees: 300, patience: 30, maxDepth: 3, minRows: 20, minChildWeight: 0.001, l2: 1, rowShare: 0.7, columnShare: 0.7, bins: 64 } as const;

const count = { type: 'integer', minimum: 1 } as const;
const share = { type: 'number', exclusiveMinimum: 0, maximum: 1 } as const;
const isOneOf = (...architectures: readonly Candidate['architecture'][]) => ({ properties: { architecture: { enum: [...architectures] } } });
const without = (...settings: readonly (keyof Candidate)[]) => Object.fromEntries(settings.map((name) => [name, false]));

/** Checked wherever a candidate passes, so that a wrong one is told before anything runs. */
export const CANDIDATE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    architecture: { enum: ['logistic', 'linear', 'neural-network', 'gradient-boosted-trees'] },
    learningRate: share,
    target: { enum: ['direction', 'return'] },
    loss: { enum: ['squared', 'huber'] },
    classWeighting: { enum: ['none', 'balanced'] },
    calibration: { enum: ['none', 'platt', 'isotonic'] },
    members: count,
    patience: count,
    l2: { type: 'number', minimum: 0 },
    batchSize: count,
    maxEpochs: count,
    hiddenLayers: { type: 'array', items: count, minItems: 1 },
    activation: { enum: ['relu', 'tanh'] },
    dropout: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    maxTrees: count,
    maxDepth: count,
    minRows: count,
    minChildWeight: { type: 'number', minimum: 0 },
    rowShare: share,
    columnShare: share,
    bins: { type: 'integer', minimum: 2, maximum: 256 },
  },
  required: ['architecture', 'learningRate'],
  additionalProperties: false,
  allOf: [
    { if: isOneOf('neural-network'), then: { required: ['hiddenLayers'] }, else: { properties: without('hiddenLayers', 'activation', 'dropout') } },
    {
      if: isOneOf('gradient-boosted-trees'),
      then: { properties: without('batchSize', 'maxEpochs') },
      else: { properties: without('maxTrees', 'maxDepth', 'minRows', 'minChildWeight', 'rowShare', 'columnShare', 'bins') },
    },
    { if: isOneOf('linear'), then: { properties: { target: { const: 'return' } } } },
    { if: isOneOf('logistic'), then: { properties: { target: { const: 'direction' } } } },
    {
      if: { anyOf: [isOneOf('linear'), { properties: { target: { const: 'return' } }, required: ['target'] }] },
      then: { properties: { classWeighting: { const: 'none' } } },
      else: { properties: without('loss') },
    },
  ],
};

/** The complete settings of a candidate. */
export function settingsOf(candidate: Candidate, seed: number): TrainingSettings {
  const { architecture, ...given } = candidate;
  const target = candidate.target ?? (architecture === 'linear' ? 'return' : 'direction');
  const loss = target === 'direction' ? 'log' : (candidate.loss ?? 'squared');
  switch (architecture) {
    case 'logistic':
    case 'linear':
      return { ...DESCENT, ...given, architecture, target, loss, seed };
    case 'neural-network':
      return { ...NETWORK, hiddenLayers: [], ...given, architecture, target, loss, seed };
    case 'gradient-boosted-trees':
      return { ...TREES, ...given, architecture, target, loss, seed };
  }
}
