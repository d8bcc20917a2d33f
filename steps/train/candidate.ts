import type { JsonSchema } from '../../dsl/contract/index.ts';
import type { TrainingSettings } from '../../model/training/settings.ts';

/**
 * What an author says of a candidate; what is left out has a default, and the seed is the step's own. Plain JSON:
 * `{ architecture: 'neural-network', hiddenLayers: [16, 8], learningRate: 0.002 }`
 */
export type Candidate = {
  readonly architecture: 'logistic' | 'neural-network';
  /** Step size of Adam. */
  readonly learningRate: number;
  /** Units of each hidden layer, first to last; of a neural network only, as the next two. */
  readonly hiddenLayers?: readonly number[];
  readonly activation?: 'relu' | 'tanh';
  readonly dropout?: number;
  readonly batchSize?: number;
  readonly maxEpochs?: number;
  /** Epochs without a better validation log-loss after which training stops. */
  readonly patience?: number;
  readonly l2?: number;
  readonly classWeighting?: 'none' | 'balanced';
};

const COMMON = { batchSize: 64, maxEpochs: 60, patience: 8, l2: 0.0001, classWeighting: 'none' } as const;
const OF_NETWORKS = { activation: 'tanh', dropout: 0 } as const;

const count = { type: 'integer', minimum: 1 } as const;

/** Checked wherever a candidate passes, so that a wrong one is told before anything runs. */
export const CANDIDATE_SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    architecture: { enum: ['logistic', 'neural-network'] },
    learningRate: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    hiddenLayers: { type: 'array', items: count, minItems: 1 },
    activation: { enum: ['relu', 'tanh'] },
    dropout: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    batchSize: count,
    maxEpochs: count,
    patience: count,
    l2: { type: 'number', minimum: 0 },
    classWeighting: { enum: ['none', 'balanced'] },
  },
  required: ['architecture', 'learningRate'],
  additionalProperties: false,
  if: { properties: { architecture: { const: 'neural-network' } } },
  then: { required: ['hiddenLayers'] },
  else: { properties: { hiddenLayers: false, activation: false, dropout: false } },
};

/** The complete settings of a candidate. */
export function settingsOf(candidate: Candidate, seed: number): TrainingSettings {
  const { architecture, hiddenLayers = [], activation, dropout, ...common } = candidate;
  if (architecture === 'logistic') return { architecture, ...COMMON, ...common, seed };
  return { architecture, hiddenLayers, activation: activation ?? OF_NETWORKS.activation, dropout: dropout ?? OF_NETWORKS.dropout, ...COMMON, ...common, seed };
}
