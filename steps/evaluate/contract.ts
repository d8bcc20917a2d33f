import { artifact, defineStep, t } from '../../dsl/contract/index.ts';
import { STORE_SECRETS, STORE_VARIABLES } from '../runtime/store-variables.ts';

/** Chooses the best candidate on validation days, judges it once on unseen test days, and asks the gate. */
export const evaluate = defineStep({
  name: 'evaluate',
  description: 'Chooses a candidate on validation days, judges it on unseen test days, and decides on its promotion.',
  parameters: {
    champion: t.string({
      default: '',
      pattern: '^(sha256:[0-9a-f]{64}|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$',
      description: 'Digest of the model in production, which is read from the store and judged on the same days; empty for none. An alias such as "production" is looked up on a cluster (docs/decisions/0010)',
    }),
    name: t.string({ default: 'stock-direction', description: 'Name in the registry, for an alias' }),
    costBasisPoints: t.number({ default: 2, minimum: 0, description: 'Cost of buying or selling, in hundredths of a percent of what is traded' }),
    seed: t.integer({ default: 1, description: 'Decides the resamples of the intervals' }),
  },
  inputs: {
    candidates: artifact.many(artifact.model()),
    features: artifact.dataset({ date: 'date', part: 'string', label: 'float64', next_return: 'float64', close: 'float64' }),
  },
  outputs: {
    model: artifact.model({ description: 'The chosen candidate, as it was trained' }),
    verdict: artifact.file({ description: 'Decision, reason, checks and all figures, as JSON' }),
    figures: artifact.metrics({ description: 'The chosen candidate beside its baselines' }),
  },
  results: {
    decision: t.enum(['promote', 'keep', 'inconclusive']),
    reason: t.string({ description: 'The decision in one sentence, with the figures' }),
    chosen: t.integer({ description: 'Number of the chosen candidate, from 0' }),
    testDays: t.integer(),
    accuracy: t.number({ description: 'On the test days' }),
    majorityAccuracy: t.number({ description: 'Of the forecast that always says what was more frequent in training, on the same days' }),
  },
  // The champion is read by its digest: where the store is does not change what comes out, so it is in no fingerprint.
  secrets: [...STORE_VARIABLES, ...STORE_SECRETS],
  resources: { cpu: '500m', memory: '256Mi' },
});
