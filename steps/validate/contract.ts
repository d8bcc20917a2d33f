import { artifact, defineStep, t } from '../../dsl/contract/index.ts';

/** Holds bars against the rules in `rules.ts`; sets rows aside that break one, and stops when the data is not fit for use. */
export const validate = defineStep({
  name: 'validate',
  description: 'Checks the bars against quality rules and sets broken rows aside.',
  parameters: {
    maximumQuarantinedShare: t.number({ default: 0.01, minimum: 0, maximum: 1, description: 'Share of rows that may be set aside before the run stops' }),
    toleratedGap: t.integer({ default: 0, minimum: 0, description: 'Missing sessions in a row that are not worth a warning' }),
    maximumGap: t.integer({ default: 20, minimum: 0, description: 'Missing sessions in a row that stop the run when there are more' }),
    maximumReturn: t.number({ default: 0.25, minimum: 0, description: 'Change of the close from bar to bar, as a share, that is called a jump' }),
  },
  inputs: {
    prices: artifact.dataset({ date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' }),
  },
  outputs: {
    clean: artifact.dataset(
      { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' },
      { description: 'The rows that broke no rule, oldest first, complete' },
    ),
    quarantine: artifact.file({ description: 'The rows that were set aside, one JSON object a line: row, rule, reason, bar' }),
    figures: artifact.metrics({ description: 'Rules and findings' }),
    report: artifact.report({ description: 'Rules, findings and the data at a glance' }),
  },
  results: {
    rows: t.integer({ description: 'Rows that go on' }),
    quarantined: t.integer({ description: 'Rows that were set aside' }),
    warnings: t.integer(),
  },
  resources: { cpu: '250m', memory: '256Mi' },
});
