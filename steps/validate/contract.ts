import { artifact, defineStep, STORE_SECRETS, STORE_VARIABLES, t } from '../../dsl/contract/index.ts';

const BARS = { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' } as const;

/** Holds bars against rules; sets rows aside that break one, and stops when the data is not fit for use. See docs/guides/validation.md. */
export const validate = defineStep({
  name: 'validate',
  description: 'Checks the bars against quality rules and sets broken rows aside.',
  parameters: {
    maximumQuarantinedShare: t.number({ default: 0.01, minimum: 0, maximum: 1, description: 'Share of rows that may be set aside before the run stops' }),
    toleratedGap: t.integer({ default: 0, minimum: 0, description: 'Missing sessions in a row that are not worth a warning' }),
    maximumGap: t.integer({ default: 20, minimum: 0, description: 'Missing sessions in a row that stop the run when there are more' }),
    maximumReturn: t.number({ default: 0.25, minimum: 0, description: 'Change of the close from bar to bar, as a share, that is called a jump' }),
    rules: t.json({ default: null, description: 'A rules document in place of the built-in rules, in which the four limits above stand; null for none' }),
    asOf: t.string({
      default: '',
      pattern: '^(\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?Z)?)?$',
      description: 'The day (its beginning, UTC) or instant (2026-01-05T21:30:00Z) at which freshness is judged; empty for never',
    }),
    previousDigest: t.string({ default: '', pattern: '^(sha256:[0-9a-f]{64})?$', description: 'Digest of the data as it was before, which is read from the store in place of the input "previous"; empty for none' }),
    referenceDigest: t.string({ default: '', pattern: '^(sha256:[0-9a-f]{64})?$', description: 'Digest of data that counts as usual, in place of the input "reference"; empty for none' }),
    onStop: t.enum(['fail', 'report'], { default: 'fail', description: 'What happens to data that is not fit for use: the step fails, or it succeeds with all reports, no rows and fit = false' }),
  },
  inputs: {
    prices: artifact.dataset(BARS),
    rulesFile: artifact.optional(artifact.file({ description: 'A rules document in YAML or JSON, in place of the parameter "rules"' })),
    previous: artifact.optional(artifact.dataset(BARS, { description: 'The data as it was before, to find history that was rewritten' })),
    reference: artifact.optional(artifact.dataset(BARS, { description: 'Data that counts as usual, to find drift' })),
  },
  outputs: {
    clean: artifact.dataset(BARS, { description: 'The rows that broke no rule, oldest first, complete, with all their columns' }),
    quarantine: artifact.file({ description: 'The rows that were set aside, one JSON object a line: row, line, rule, reason, rules, bar' }),
    figures: artifact.metrics({ description: 'Rules and findings' }),
    report: artifact.report({ description: 'Rules, findings and the data in pictures' }),
    findings: artifact.file({ description: 'All that was checked and found, as JSON (pipewright/validation/1)' }),
  },
  results: {
    rows: t.integer({ description: 'Rows that go on' }),
    quarantined: t.integer({ description: 'Rows that were set aside' }),
    warnings: t.integer(),
    fit: t.boolean({ description: 'Whether the data is fit for use; false only with onStop = report' }),
  },
  // A dataset is read by its digest: where the store is does not change what comes out, so it is in no fingerprint.
  secrets: [...STORE_VARIABLES, ...STORE_SECRETS],
  resources: { cpu: '250m', memory: '256Mi' },
});
