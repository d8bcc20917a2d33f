import { artifact, defineStep, t, type JsonSchema } from '../../dsl/contract/index.ts';
import { CANDIDATE_SCHEMA, type Candidate } from './candidate.ts';
import { SEARCH_SCHEMA } from './search-schema.ts';

export type { Candidate } from './candidate.ts';
export { candidatesOf, choice, grid, integer, logUniform, sample, uniform, type Dimension, type SampleOptions, type Search, type Space } from './search.ts';

/** A pipeline's own list of candidates is a `t.list` of this. */
export const candidatePort = t.json<Candidate, { readonly schema: JsonSchema; readonly description: string }>({
  schema: CANDIDATE_SCHEMA,
  description: 'Architecture and hyperparameters',
});

/** A run's own search for candidates, or null for none; `candidatesOf` makes the list. */
export const searchPort = t.json({
  default: null,
  schema: SEARCH_SCHEMA,
  description: 'Candidates as a space of settings, in place of "candidates": {"space": {"architecture": "logistic", "learningRate": {"logUniform": [0.0001, 0.01]}}, "budget": 8}; without a budget the whole grid. Worked out when the run begins (docs/guides/training.md)',
});

/** Trains one candidate. It sees the training rows, and the validation rows to know when to stop; never a test row. */
export const train = defineStep({
  name: 'train',
  description: 'Trains one candidate model: logistic or linear regression, neural network or gradient-boosted trees.',
  parameters: {
    candidate: candidatePort,
    name: t.string({ default: 'stock-direction', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'Name of the model' }),
    seed: t.integer({ default: 1, description: 'Decides all that is drawn: first weights, order of rows, dropout, subsamples, the seeds of an ensemble' }),
    backend: t.enum(['auto', 'tensorflow', 'wasm', 'cpu'], {
      default: 'auto',
      description: 'What computes networks: the native library, WebAssembly or JavaScript; auto takes the first that works',
    }),
  },
  inputs: {
    features: artifact.dataset({ date: 'date', part: 'string', label: 'float64', forward_return: 'float64' }),
    definition: artifact.file({ description: 'What the feature columns mean' }),
  },
  outputs: {
    model: artifact.model({ description: 'TensorFlow.js layers or trees, and what Pipewright knows about them' }),
    figures: artifact.metrics({ description: 'Learning curve' }),
  },
  results: {
    validationLogLoss: t.number({ description: 'Of the direction, as it is served, in nats a day; a coin has 0.693' }),
    validationAccuracy: t.number(),
    epochs: t.integer({ description: 'Epochs or trees that were run, of all members' }),
  },
  // Half a core, so that a node with two has room for it beside its own pods. It may take more where there is more.
  resources: { cpu: '500m', memory: '512Mi' },
});
