import { artifact, defineStep, t, type JsonSchema } from '../../dsl/contract/index.ts';

/** When a session is decided on; `null` for as soon as its bar can be known. */
export const decisionPort = t.json<number | null, { readonly default: null; readonly schema: JsonSchema; readonly description: string }>({
  default: null,
  schema: { oneOf: [{ type: 'null' }, { type: 'number', minimum: 0 }] },
  description: 'Minutes from the close of a session to the decision on it: a row knows what was available then, and nothing else; null for as soon as its bar can be known, after publicationDelayMinutes',
});

/** Computes features and labels, and says which rows are for training, validation and test. */
export const featurize = defineStep({
  name: 'featurize',
  description: 'Computes features and labels, and splits the rows by time.',
  parameters: {
    horizonDays: t.integer({ default: 1, minimum: 1, description: 'Trading days from a row to the close that decides its label' }),
    trainShare: t.number({ default: 0.65, minimum: 0, maximum: 1, description: 'Share of the rows to learn from' }),
    validationShare: t.number({ default: 0.15, minimum: 0, maximum: 1, description: 'Share of the rows to choose by; the rest is for the test' }),
    decisionMinutes: decisionPort,
    publicationDelayMinutes: t.number({ default: 0, minimum: 0, description: 'From the close of a session until its bar can be known, as ingest was told' }),
    maximumAgeDays: t.number({ default: 7, minimum: 0, description: 'Calendar days from a close to a decision that may still use it; what is older is stale' }),
    extraName: t.string({ default: 'extra', pattern: '^[a-z][a-z0-9_]*$', description: 'What the columns of the input "extra" begin with' }),
  },
  inputs: {
    prices: artifact.dataset({ date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' }),
    extra: artifact.optional(artifact.dataset(
      { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64', eventTime: 'string', availableAt: 'string' },
      { description: 'Bars of another series, as ingest writes them: their features are joined as of each decision' },
    )),
  },
  outputs: {
    table: artifact.dataset(
      { date: 'date', part: 'string', label: 'float64', forward_return: 'float64', next_return: 'float64', close: 'float64' },
      {
        description:
          'One row per session whose features are complete, oldest first. part: train, validation, test, or none for rows between parts and rows whose label is not known yet. label: 1 if the close rises over the horizon, else 0, NaN where not known. forward_return: the simple return over the horizon whose sign is the label. next_return: simple return to the next close. close: of the newest bar that was available when the row was decided on. decisionTime and availableAt where the bars have times: when the row was decided on, and from when on all bars behind its features could be known. Then one column per feature',
      },
    ),
    definition: artifact.file({ description: 'What the columns mean, as JSON: feature set, its hash, names, horizon, guards' }),
    online: artifact.file({ description: 'The latest feature row by key, as JSON (pipewright/online-features/1), for a server that is asked by key' }),
    figures: artifact.metrics({ description: 'Parts and features' }),
  },
  results: {
    rows: t.integer(),
    testDays: t.integer({ description: 'Days that no candidate sees before it is judged' }),
  },
  resources: { cpu: '250m', memory: '256Mi' },
});
