import { BAR_COLUMNS, type Bars } from '../../model/bars.ts';

/**
 * Prices with dividends and splits worked in: all four are scaled by adjusted close over close, so their proportions in a day stay.
 * Volume stays. A row without an adjusted close has no prices (NaN), because those of its neighbours would not fit to it.
 */
export function adjustBars(bars: Bars, adjustedClose: ArrayLike<number>): Bars {
  const scale = bars.close.map((close, row) => adjustedClose[row]! / close);
  const prices = BAR_COLUMNS.filter((column) => column !== 'volume').map((column) => [column, bars[column].map((price, row) => (column === 'close' ? adjustedClose[row]! : price * scale[row]!))]);
  return { ...bars, ...(Object.fromEntries(prices) as Partial<Bars>) };
}

/** The bars in rows for which `keep` is true. */
export function filterBars(bars: Bars, keep: (day: string, row: number) => boolean): Bars {
  const rows = bars.date.flatMap((day, row) => (keep(day, row) ? [row] : []));
  return rows.length === bars.date.length ? bars : takeBars(bars, rows);
}

export function takeBars(bars: Bars, rows: readonly number[]): Bars {
  const columns = BAR_COLUMNS.map((column) => [column, Float64Array.from(rows, (row) => bars[column][row]!)]);
  return { date: rows.map((row) => bars.date[row]!), ...(Object.fromEntries(columns) as Omit<Bars, 'date'>) };
}

/** Bars as CSV text: what a digest of an answer is taken of when the answer itself tells the time of day. */
export function csvOf(bars: Bars): string {
  const lines = bars.date.map((day, row) => [day, ...BAR_COLUMNS.map((column) => bars[column][row])].join(','));
  return ['date,open,high,low,close,volume', ...lines, ''].join('\n');
}
