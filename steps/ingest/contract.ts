import { artifact, defineStep, STORE_SECRETS, STORE_VARIABLES, t } from '../../dsl/contract/index.ts';

const BARS = { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' } as const;

/** Holds an address that opens its origin, `https://name:password@example.org?key=…`: what a parameter must not, because parameters are recorded. */
export const ACCESS_VARIABLE = 'PIPEWRIGHT_SOURCE_ACCESS';

/** Reads daily bars from where they are and writes them down as a dataset, together with where they came from. */
export const ingest = defineStep({
  name: 'ingest',
  description: 'Reads daily bars from the packaged data, a file, a URL, a market data service or a synthetic market.',
  parameters: {
    source: t.string({
      default: 'packaged',
      description:
        '"packaged" for the S&P 500 from 2000 to 2020 of the package vega-datasets; the path or http(s) address of a CSV or Parquet file; yahoo:SYMBOL, alphavantage:SYMBOL, synthetic:MARKET?days=2500&seed=7, or dataset:sha256:… of the store. {symbol} stands for the symbol',
    }),
    digest: t.string({
      default: '',
      pattern: '^(sha256:[0-9a-f]{64})?$',
      description: 'SHA-256 that the source must have, as sha256:…; empty for any',
    }),
    asOf: t.string({ default: '', description: 'The day for which an address is read; another day reads it again instead of taking it from the cache. A service is asked for no later day' }),
    patienceSeconds: t.number({ default: 30, minimum: 0.1, description: 'How long a server may be silent before it is given up' }),
    symbol: t.string({ default: '', description: 'What the bars are of, such as ^GSPC; a source may name it itself' }),
    from: t.string({ default: '', pattern: '^(\\d{4}-\\d{2}-\\d{2})?$', description: 'The first day that is wanted, YYYY-MM-DD; empty for all there is' }),
    adjusted: t.boolean({ default: false, description: 'Work dividends and splits into the prices; the source must have adjusted closes' }),
    restated: t.enum(['refuse', 'take', 'keep'], { default: 'refuse', description: 'What to do when the source tells rows of the input "previous" otherwise now: stop, take the new rows, or keep the old ones' }),
    previousDigest: t.string({ default: '', pattern: '^(sha256:[0-9a-f]{64})?$', description: 'Digest of the dataset of an earlier run, which is read from the store in place of the input "previous"; empty for none' }),
    overlapSessions: t.integer({ default: 20, minimum: 1, description: 'How many of the last rows of "previous" are fetched again to be compared' }),
    currency: t.string({ default: '', description: 'Currency of the prices, for the manifest; empty for what the source says' }),
    exchange: t.string({ default: '', description: 'Name of the exchange, for the manifest; empty for what the source says' }),
    timeZone: t.string({ default: '', description: 'Time zone of the exchange, such as Europe/Berlin; empty for what the source says, else America/New_York' }),
    sessionClose: t.string({ default: '', pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)?$', description: 'When a session closes on the clocks of the exchange, HH:MM; empty for what the source says, else 16:00' }),
    publicationDelayMinutes: t.number({ default: 0, minimum: 0, description: 'From the close of a session until its bar can be known' }),
    baseUrl: t.string({ default: '', pattern: '^(https?://.+)?$', description: 'Address of the service in place of its own, for a mirror' }),
    connectSeconds: t.number({ default: 10, minimum: 0.1, description: 'How long a connection may take to stand' }),
    totalSeconds: t.number({ default: 1800, minimum: 0.1, maximum: 86_400, description: 'How long reading may take in all, with every further attempt' }),
    attempts: t.integer({ default: 4, minimum: 1, maximum: 20, description: 'How often a server is asked that does not answer, breaks off or is overloaded' }),
    maximumMegabytes: t.number({ default: 512, minimum: 0.001, description: 'How large an answer may be, packed and unpacked' }),
    allowHttp: t.boolean({ default: false, description: 'Read addresses without encryption on other machines too' }),
  },
  inputs: {
    previous: artifact.optional(artifact.dataset(BARS, { description: 'The dataset of an earlier run: only what is new is fetched, and its end is compared' })),
  },
  outputs: {
    prices: artifact.dataset(
      { ...BARS, symbol: 'string', eventTime: 'string', availableAt: 'string' },
      { description: 'One row per bar, in the order of the source; a missing number is NaN. Times are instants, 2020-01-02T21:00:00Z. Rows of a text file have their line, too (int32)' },
    ),
    manifest: artifact.file({ description: 'Where the rows came from, as JSON: source, digest, parent, symbol, range, time zone, restatements' }),
  },
  results: {
    rows: t.integer(),
    firstDay: t.string({ description: 'YYYY-MM-DD' }),
    lastDay: t.string({ description: 'YYYY-MM-DD' }),
    asOf: t.string({ description: 'The day for which the source was read; empty for one that does not change with the day' }),
  },
  // A key only lets the step in, and a dataset is read by its digest: none of it changes what comes out, so no fingerprint knows it.
  secrets: [ACCESS_VARIABLE, 'ALPHAVANTAGE_API_KEY', ...STORE_VARIABLES, ...STORE_SECRETS],
  resources: { cpu: '250m', memory: '256Mi' },
});

/** The kinds of source. `file` is a path or a file: URL, and everything that is none of the others. */
export type SourceKind = 'packaged' | 'file' | 'address' | 'yahoo' | 'alphavantage' | 'synthetic' | 'dataset';

/** What a source is, by its text alone. Only `file` names something of this machine; `address`, `yahoo` and `alphavantage` change with the day. */
export function kindOfSource(source: string): SourceKind {
  if (source === 'packaged') return 'packaged';
  if (/^https?:\/\//i.test(source)) return 'address';
  const [, service] = /^(yahoo|alphavantage|synthetic|dataset):(?!\/\/)/.exec(source) ?? [];
  return (service as SourceKind | undefined) ?? 'file';
}

/** Whether a source tells something else on another day. */
export function changesWithTheDay(source: string): boolean {
  return ['address', 'yahoo', 'alphavantage'].includes(kindOfSource(source));
}

/**
 * An address without what may open it: a user, a password, a query, a fragment. Any other text as it is, and that of a file, too. No program can
 * tell the query that is a key from one that is none, so all of it counts.
 */
export function withoutAccess(text: string): string {
  const [, scheme, rest] = /^(\s*(?!file:)[a-z][a-z0-9+.-]+:[/\\]+)(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return text;
  const open = rest.replace(/[?#].*$/s, '');
  // In what is no address a slash may be part of a password.
  const user = URL.canParse(fillInSymbol(scheme + open, 'x')) ? /^[^/\\]*@/ : /^.*@/s;
  return scheme + open.replace(user, '');
}

/** How it is mended, for an error's fix. */
export const ACCESS_FIX = `Give the address without them. What opens it goes into the variable ${ACCESS_VARIABLE}, which no record has: https://name:password@host?key=… (docs/guides/data.md).`;

/** The source with its symbol in place of `{symbol}`, written as in an address: a symbol may hold what a path may not. */
export function fillInSymbol(source: string, symbol: string): string {
  return source.replaceAll('{symbol}', encodeURIComponent(symbol));
}
