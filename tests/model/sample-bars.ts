import { readFileSync } from 'node:fs';
import type { Bars } from '../../model/bars.ts';
import { createRandom } from '../../model/random.ts';

/** The first `count` weekdays from 2001-01-01 on. */
export function weekdays(count: number): string[] {
  const days: string[] = [];
  for (let at = Date.UTC(2001, 0, 1); days.length < count; at += 86_400_000) {
    const day = new Date(at);
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}

/** Bars with the given closes: open, high and low stand at the close. */
export function barsOfCloses(closes: ArrayLike<number>, volumes?: ArrayLike<number>): Bars {
  const close = Float64Array.from(closes);
  const volume = volumes ? Float64Array.from(volumes) : new Float64Array(close.length).fill(1_000);
  return { date: weekdays(close.length), open: close.slice(), high: close.slice(), low: close.slice(), close, volume };
}

/** A geometric random walk without drift: its next-day direction cannot be predicted. */
export function randomWalk(rows: number, seed: number, dailyDeviation = 0.01): Bars {
  const random = createRandom(seed);
  const closes = new Float64Array(rows);
  const volumes = new Float64Array(rows);
  let logPrice = Math.log(100);
  for (let row = 0; row < rows; row++) {
    logPrice += dailyDeviation * random.normal();
    closes[row] = Math.exp(logPrice);
    volumes[row] = 1e6 * Math.exp(0.3 * random.normal());
  }
  return barsOfCloses(closes, volumes);
}

/** Twenty years of the S&P 500 (2000-01-03 to 2020-04-17), from the package vega-datasets. */
export function sp500(): Bars {
  const file = new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url);
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
  const column = (at: number): Float64Array => Float64Array.from(rows, (row) => Number(row[at]));
  return { date: rows.map((row) => row[0]!), open: column(1), high: column(2), low: column(3), close: column(4), volume: column(6) };
}

/** Row `row` of a row-major table, as plain numbers. */
export function rowOf(matrix: { readonly names: readonly string[]; readonly values: Float64Array }, row: number): number[] {
  const width = matrix.names.length;
  return [...matrix.values.subarray(row * width, (row + 1) * width)];
}
