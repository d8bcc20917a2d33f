import { isCalendarDay, type Bar } from '../bars.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { featureColumns, featureSetHash, type FeatureSet } from './feature-set.ts';
import { createFeatureStream, type FeatureStreamState } from './feature-stream.ts';

/** The latest feature row of one key, and where its stream stands. */
export interface OnlineRow {
  /** Day of the newest bar. */
  readonly date: string;
  /** Instants, `2020-01-02T21:00:00Z`; left out where they are not known. */
  readonly eventTime?: string;
  readonly availableAt?: string;
  /** One per column. */
  readonly values: readonly number[];
  /** To go on with the next bar; left out where the set joins another series. */
  readonly stream?: FeatureStreamState;
}

/** The online side of a feature store: the latest row by key, as one JSON document. */
export interface OnlineFeatures {
  readonly format: 'pipewright/online-features/1';
  readonly definition: FeatureSet;
  readonly names: readonly string[];
  /** Of the definition; compared with the model's before a row is used. */
  readonly hash: Digest;
  readonly rows: Readonly<Record<string, OnlineRow>>;
}

export function createOnlineFeatures(definition: FeatureSet, rows: OnlineFeatures['rows']): OnlineFeatures {
  return { format: 'pipewright/online-features/1', definition, names: featureColumns(definition), hash: featureSetHash(definition), rows };
}

/**
 * Reads what `createOnlineFeatures` made, written as JSON. Throws RangeError for another kind of text, for a hash that is
 * not that of these feature functions, and for rows that do not fit the columns.
 */
export function readOnlineFeatures(text: string): OnlineFeatures {
  const read = parse(text);
  if (read === undefined || read.format !== 'pipewright/online-features/1' || typeof read.rows !== 'object' || read.rows === null) {
    throw new RangeError('It is not a document of online features (pipewright/online-features/1).');
  }
  const ours = featureSetHash(read.definition);
  if (read.hash !== ours) throw new RangeError(`Its rows were computed by other feature functions: their hash is ${read.hash} there and ${ours} here.`);
  const names = featureColumns(read.definition);
  for (const [key, { date, values }] of Object.entries(read.rows)) {
    if (typeof date !== 'string' || !isCalendarDay(date) || !Array.isArray(values) || values.length !== names.length || !values.every(Number.isFinite)) {
      throw new RangeError(`Its row of ${JSON.stringify(key)} must have a day and ${names.length} finite values.`);
    }
  }
  return read;
}

/**
 * The same document with the next bar of one key worked in. A new key begins a stream of its own; it has no row before
 * its warm-up is complete, so its stream is not kept here: start it with `createFeatureStream`. Throws RangeError for a
 * key that is not there, a set that joins another series, and a bar that does not continue the stream.
 */
export function updateOnlineFeatures(online: OnlineFeatures, key: string, bar: Bar, times: Pick<OnlineRow, 'eventTime' | 'availableAt'> = {}): OnlineFeatures {
  const state = Object.hasOwn(online.rows, key) ? online.rows[key]!.stream : undefined;
  if (state === undefined) throw new RangeError(`There is no stream of ${JSON.stringify(key)} that could go on.`);
  const stream = createFeatureStream(online.definition, state);
  const values = stream.update(bar)!;
  return { ...online, rows: { ...online.rows, [key]: { date: bar.date, ...times, values: [...values], stream: stream.state() } } };
}

/** The rows of several documents in one. Throws RangeError for a key that two of them have, for features that differ, and for none. */
export function mergeOnlineFeatures(documents: readonly OnlineFeatures[]): OnlineFeatures {
  const [first, ...others] = documents;
  if (first === undefined) throw new RangeError('There are no online features to put together.');
  const rows = { ...first.rows };
  for (const other of others) {
    if (other.hash !== first.hash) throw new RangeError(`The documents have rows of different features: ${first.hash} and ${other.hash}.`);
    for (const [key, row] of Object.entries(other.rows)) {
      if (Object.hasOwn(rows, key)) throw new RangeError(`Two documents have a row of ${JSON.stringify(key)}.`);
      rows[key] = row;
    }
  }
  return { ...first, rows };
}

function parse(text: string): OnlineFeatures | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as OnlineFeatures) : undefined;
  } catch {
    return undefined;
  }
}
