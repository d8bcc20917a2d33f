import { artifact, defineStep, t, type JsonSchema } from '../../dsl/contract/index.ts';
import { CANDIDATE_SCHEMA, type Candidate } from './candidate.ts';

export type { Candidate } from './candidate.ts';

/** A pipeline's own list of candidates is a `t.list` of this. */
export const candidatePort = t.json<Candidate, { readonly schema: JsonSchema; readonly description: string }>({
  schema: CANDIDATE_SCHEMA,
  description: 'Architecture and hyperparameters',
});

/** Trains one candidate. It sees the training rows, and the validation rows to know when to stop; never a test row. */
export const train = defineStep({
  name: 'train',
  description: 'Trains one candidate model with TensorFlow.js.',
  parameters: {
    candidate: candidatePort,
    name: t.string({ default: 'stock-direction', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'Name of the model' }),
    seed: t.integer({ default: 1, description: 'Decides first weights, order of rows and dropout' }),
    backend: t.enum(['auto', 'tensorflow', 'wasm', 'cpu'], {
      default: 'auto',
      description: 'What computes: the native library, WebAssembly or JavaScript; auto takes the first that works',
    }),
  },
  inputs: {
    features: artifact.dataset({ date: 'date', part: 'string', label: 'float64', next_return: 'float64', close: 'float64' }),
    definition: artifact.file({ description: 'What the feature columns mean' }),
  },
  outputs: {
    model: artifact.model({ description: 'TensorFlow.js layers, and what Pipewright knows about them' }),
    figures: artifact.metrics({ description: 'Learning curve' }),
  },
  results: {
    validationLogLoss: t.number({ description: 'In nats a day; a coin has 0.693' }),
    validationAccuracy: t.number(),
    epochs: t.integer({ description: 'Epochs that were run' }),
  },
  // Half a core, so that a node with two has room for it beside its own pods. It may take more where there is more.
  resources: { cpu: '500m', memory: '512Mi' },
});
