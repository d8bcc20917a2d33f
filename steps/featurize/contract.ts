import { artifact, defineStep, t } from '../../dsl/contract/index.ts';

/** Computes features and labels, and says which rows are for training, validation and test. */
export const featurize = defineStep({
  name: 'featurize',
  description: 'Computes features and labels, and splits the rows by time.',
  parameters: {
    horizonDays: t.integer({ default: 1, minimum: 1, description: 'Trading days from a row to the close that decides its label' }),
    trainShare: t.number({ default: 0.65, minimum: 0, maximum: 1, description: 'Share of the rows to learn from' }),
    validationShare: t.number({ default: 0.15, minimum: 0, maximum: 1, description: 'Share of the rows to choose by; the rest is for the test' }),
  },
  inputs: {
    prices: artifact.dataset({ date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' }),
  },
  outputs: {
    table: artifact.dataset(
      { date: 'date', part: 'string', label: 'float64', next_return: 'float64', close: 'float64' },
      {
        description:
          'One row per bar whose features are complete, oldest first. part: train, validation, test, or none for rows between parts and rows whose label is not known yet. label: 1 if the close rises over the horizon, else 0, NaN where not known. next_return: simple return to the next close. Then one column per feature',
      },
    ),
    definition: artifact.file({ description: 'What the columns mean, as JSON: feature set, its hash, names, horizon' }),
    figures: artifact.metrics({ description: 'Parts and features' }),
  },
  results: {
    rows: t.integer(),
    testDays: t.integer({ description: 'Days that no candidate sees before it is judged' }),
  },
  resources: { cpu: '250m', memory: '256Mi' },
});
