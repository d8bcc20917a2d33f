import { artifact, defineStep, t } from '../../dsl/contract/index.ts';

/** Reads daily bars from where they are and writes them down as a dataset, together with where they came from. */
export const ingest = defineStep({
  name: 'ingest',
  description: 'Reads daily bars from the packaged data, a CSV file or a URL.',
  parameters: {
    source: t.string({
      default: 'packaged',
      description: '"packaged" for the S&P 500 from 2000 to 2020 of the package vega-datasets, or the path or http(s) address of a CSV file',
    }),
    digest: t.string({
      default: '',
      pattern: '^(sha256:[0-9a-f]{64})?$',
      description: 'SHA-256 that the source must have, as sha256:…; empty for any',
    }),
    asOf: t.string({ default: '', description: 'The day for which an address is read; another day reads it again instead of taking it from the cache' }),
    patienceSeconds: t.number({ default: 30, minimum: 0.1, description: 'How long a server may be silent before it is given up' }),
  },
  outputs: {
    prices: artifact.dataset(
      { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' },
      { description: 'One row per bar, in the order of the source; a missing number is NaN' },
    ),
    manifest: artifact.file({ description: 'Where the rows came from, as JSON: source, digest, rows, range, columns' }),
  },
  results: {
    rows: t.integer(),
    firstDay: t.string({ description: 'YYYY-MM-DD' }),
    lastDay: t.string({ description: 'YYYY-MM-DD' }),
  },
  resources: { cpu: '250m', memory: '256Mi' },
});
