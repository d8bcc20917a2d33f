import { BAR_COLUMNS, type Bars } from '../../model/bars.ts';

/** The bars with these row numbers, in this order, in memory of their own. */
export function takeRows(bars: Bars, rows: readonly number[]): Bars {
  const columns = BAR_COLUMNS.map((column) => [column, Float64Array.from(rows, (row) => bars[column][row]!)]);
  return { date: rows.map((row) => bars.date[row]!), ...(Object.fromEntries(columns) as Omit<Bars, 'date'>) };
}
