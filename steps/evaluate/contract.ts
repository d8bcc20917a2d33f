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
    earlier: t.string({
      default: '',
      pattern: '^(now|(\\d{4}-\\d{2}-\\d{2}:\\d+:\\d+(,\\d{4}-\\d{2}-\\d{2}:\\d+:\\d+)*)?)$',
      description: 'Judgements of models of this name before this one, as last judged day, judgements and models tried: 2019-11-29:1:5, with commas between; "now" is looked up on a cluster (docs/decisions/0013)',
    }),
    firstModel: t.enum(['superior', 'non-inferior'], {
      default: 'superior',
      description: 'What a model must show while nothing is in production: better than the base rate, or not worse by more than a margin (docs/decisions/0012)',
    }),
    costBasisPoints: t.number({ default: 2, minimum: 0, description: 'Cost of buying or selling, in hundredths of a percent of what is traded' }),
    resamples: t.integer({ default: 600, minimum: 100, description: 'Resamples of every interval: with 600 its ends wobble by some 4 % of its width' }),
    seed: t.integer({ default: 1, description: 'Decides the resamples of the intervals' }),
  },
  inputs: {
    validation: artifact.optional(artifact.file({ description: 'What validate found, as it writes it: the gate asks whether the data passed' })),
    definition: artifact.optional(artifact.file({ description: 'What the features mean, as featurize writes it: of which bars they were made, so that the validation of others is no answer' })),
    candidates: artifact.many(artifact.model()),
    features: artifact.dataset({ date: 'date', part: 'string', label: 'float64', forward_return: 'float64', next_return: 'float64', close: 'float64' }),
  },
  outputs: {
    model: artifact.model({ description: 'The chosen candidate, as it was trained' }),
    verdict: artifact.file({ description: 'Decision, reason, checks and all figures, as JSON' }),
    figures: artifact.metrics({ description: 'The chosen candidate beside its baselines' }),
    card: artifact.directory({ description: 'The model card of the chosen candidate: card.json and card.md' }),
  },
  results: {
    decision: t.enum(['promote', 'keep', 'inconclusive']),
    reason: t.string({ description: 'The decision in one sentence, with the figures' }),
    chosen: t.integer({ description: 'Number of the chosen candidate, from 0' }),
    testDays: t.integer(),
    accuracy: t.number({ description: 'On the test days' }),
    areaUnderRoc: t.number({ description: 'Likewise; 0.5 is chance' }),
    logLoss: t.number({ description: 'Likewise, in nats a day' }),
    sharpeRatio: t.number({ description: 'A year, after costs, of being invested when up is forecast; 0 where it does not exist' }),
    majorityAccuracy: t.number({ description: 'Of the forecast that always says what was more frequent until then, on the same days' }),
  },
  // The champion is read by its digest: where the store is does not change what comes out, so it is in no fingerprint.
  secrets: [...STORE_VARIABLES, ...STORE_SECRETS],
  resources: { cpu: '500m', memory: '256Mi' },
});
