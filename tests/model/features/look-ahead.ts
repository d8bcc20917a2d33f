import { sliceBars, type Bars } from '../../../model/bars.ts';
import { createRandom } from '../../../model/random.ts';

/** From bars to one column of values, one per bar. */
export type ColumnFunction = (bars: Bars) => ArrayLike<number>;

/** The same bars up to row `last`, and other prices and volumes after it. */
export function alterAfter(bars: Bars, last: number, seed: number): Bars {
  const random = createRandom(seed);
  const altered = (column: Float64Array): Float64Array =>
    column.map((value, row) => (row <= last ? value : value * (0.5 + random.uniform())));
  return {
    date: bars.date,
    open: altered(bars.open),
    high: altered(bars.high),
    low: altered(bars.low),
    close: altered(bars.close),
    volume: altered(bars.volume),
  };
}

/**
 * The first of `rows` at which the column knows the future: its value changes when later bars are altered or cut off.
 * Undefined when there is none.
 */
export function findLookAhead(compute: ColumnFunction, bars: Bars, rows: readonly number[]): number | undefined {
  const whole = compute(bars);
  return rows.find((row) => {
    const altered = compute(alterAfter(bars, row, row + 1));
    const cut = compute(sliceBars(bars, 0, row + 1));
    return !Object.is(altered[row], whole[row]) || !Object.is(cut[row], whole[row]);
  });
}
