import { readFile } from 'node:fs/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import { readDataset } from '../runtime/dataset.ts';
import { firstFall } from './merge.ts';

/** The dataset of an earlier run. */
export interface Previous {
  readonly bars: Bars;
  readonly digest: Digest;
  /** Absent in a dataset that does not carry its symbol. */
  readonly symbol?: string;
  /** Absent unless the rows were those of a text. */
  readonly lines?: Int32Array;
  /** Of the file. */
  readonly bytes: number;
}

/** PW502 when it is no dataset of bars with at least one row and rising days. */
export async function readPrevious(path: string): Promise<Previous> {
  const columns = Object.fromEntries(BAR_COLUMNS.map((column) => [column, 'float64'] as const));
  const dataset = await readDataset(path, { date: 'date', ...columns });
  const numbers = Object.fromEntries(BAR_COLUMNS.map((column) => [column, dataset.numbers(column)])) as Record<BarColumn, Float64Array>;
  const bars = { date: dataset.texts('date'), ...numbers };
  const content = await readFile(path);
  if (bars.date.length === 0) throw unfit('is empty', 'Leave it out to fetch the whole history.');
  demandRising(bars, 'The previous dataset');
  const symbol = dataset.names.includes('symbol') ? dataset.texts('symbol')[0] : undefined;
  const lines = dataset.names.includes('line') ? Int32Array.from(dataset.numbers('line')) : undefined;
  return { bars, digest: digestOf(content), bytes: content.length, ...(lines === undefined ? {} : { lines }), ...(symbol === undefined || symbol === '' ? {} : { symbol }) };
}

/** PW502 unless days rise: what is to be joined must have one row a day, oldest first. */
export function demandRising(bars: Bars, name: string): void {
  const day = firstFall(bars);
  if (day === undefined) return;
  throw new PipewrightError({ code: 'PW502', message: `${name} cannot be joined with another: its days do not rise at ${day}.`, fix: 'Sort its rows, oldest first, one row a day; or leave the input "previous" out.' });
}

function unfit(what: string, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW502', message: `The previous dataset ${what}.`, fix });
}
