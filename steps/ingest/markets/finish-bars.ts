import { BAR_COLUMNS, type Bars } from '../../../model/bars.ts';
import { takeBars } from '../bars.ts';
import type { Sessions } from '../sessions.ts';
import { timesOf } from '../sessions.ts';

/**
 * Complete bars of the wanted days. A last bar that has no close, or whose session was not over when the service answered, is left out: it
 * would be a price of the middle of a day under the name of a close. Where the last two bars are of one day, the later one is the
 * live price and takes the place of the other.
 */
export function finishBars(
  bars: Bars,
  { answeredAt, from, until, sessions }: { readonly answeredAt: number; readonly from: string; readonly until: string; readonly sessions: Sessions },
): { readonly bars: Bars; readonly unfinished: readonly string[] } {
  const rows = bars.date.flatMap((day, row) => ((from === '' || day >= from) && (until === '' || day <= until) ? [row] : []));
  const [before, last] = rows.slice(-2);
  if (last !== undefined && before !== undefined && bars.date[before] === bars.date[last]) rows.splice(-2, 1);
  const unfinished: string[] = [];
  const close = timesOf({ ...sessions, publicationDelayMinutes: 0 });
  const row = rows.at(-1);
  if (row !== undefined && (Number.isNaN(bars.close[row]) || Date.parse(close(bars.date[row]!).eventTime) > answeredAt)) {
    unfinished.push(bars.date[row]!);
    rows.pop();
  }
  return { bars: takeBars(bars, rows), unfinished };
}

/** Bars of rows. */
export function barsOfRows(rows: readonly { readonly day: string; readonly values: readonly number[] }[]): Bars {
  const columns = BAR_COLUMNS.map((column, at) => [column, Float64Array.from(rows, ({ values }) => values[at] ?? Number.NaN)]);
  return { date: rows.map(({ day }) => day), ...(Object.fromEntries(columns) as Omit<Bars, 'date'>) };
}
