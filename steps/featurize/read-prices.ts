import { PipewrightError } from '../../dsl/errors/index.ts';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import type { Dataset } from '../runtime/dataset.ts';

/** Bars with what is known of them beside their numbers. */
export interface Prices {
  readonly bars: Bars;
  /** What they are of; empty where it is not known. */
  readonly symbol: string;
  /** Undefined for a dataset without the columns `eventTime` and `availableAt`. */
  readonly times: PriceTimes | undefined;
}

/** Of every bar, in milliseconds since 1970. */
export interface PriceTimes {
  /** When its session closed. */
  readonly eventTime: Float64Array;
  /**
   * From when on it and every bar before it were available. A feature looks back, so its row can be known no sooner: a
   * bar that was filled in later holds up the rows after it.
   */
  readonly knownFrom: Float64Array;
}

const TIME_COLUMNS = ['eventTime', 'availableAt'] as const;

/** Takes the bars and their times out of a dataset. PW502 for one of the two times without the other, for a text that is no instant, and for a bar that was available before its close. */
export function readPrices(dataset: Dataset): Prices {
  const numbers = Object.fromEntries(BAR_COLUMNS.map((column) => [column, dataset.numbers(column)])) as Record<BarColumn, Float64Array>;
  const symbol = dataset.names.includes('symbol') ? (dataset.texts('symbol')[0] ?? '') : '';
  return { bars: { date: dataset.texts('date'), ...numbers }, symbol, times: readTimes(dataset) };
}

function readTimes(dataset: Dataset): PriceTimes | undefined {
  if (!TIME_COLUMNS.some((column) => dataset.names.includes(column))) return undefined;
  const instants = (column: string): Float64Array => Float64Array.from(dataset.texts(column), (text, row) => instantOf(text, column, row));
  const [eventTime, availableAt] = [instants('eventTime'), instants('availableAt')];
  const early = eventTime.findIndex((event, row) => availableAt[row]! < event);
  if (early >= 0) {
    throw new PipewrightError({ code: 'PW502', message: `The bar of ${dataset.texts('date')[early]} is available before its session closed: ${dataset.texts('availableAt')[early]}.`, fix: 'Correct its availableAt, or its eventTime.' });
  }
  return { eventTime, knownFrom: runningMaximum(availableAt) };
}

function runningMaximum(values: Float64Array): Float64Array {
  let most = -Infinity;
  return values.map((value) => (most = Math.max(most, value)));
}

function instantOf(text: string, column: string, row: number): number {
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isFinite(instant)) return instant;
  throw new PipewrightError({
    code: 'PW502',
    message: `The ${column} of row ${row} is ${JSON.stringify(text)}, which is not an instant.`,
    fix: 'Write it in UTC as ingest does, for example 2020-01-02T21:00:00Z.',
  });
}
