import { sliceBars, type Bars } from '../bars.ts';
import type { Matrix } from '../matrix.ts';
import { createRandom } from '../random.ts';

/** From bars to features, one row per bar. */
export type FeatureFunction = (bars: Bars) => Matrix;

export interface LookAhead {
  /** Of the feature. */
  readonly column: string;
  /** The day whose row knew what came after it. */
  readonly day: string;
  /** A clause that says how it showed. */
  readonly how: string;
}

export const LOOK_AHEAD_GUARD = 'look-ahead guard';

/**
 * The look-ahead guard: a row of features must not change when bars after its day change, or do not exist yet. Alters
 * every price and volume after each of `rows`, cuts them off, and compares the row with what it was, bit by bit.
 * Whatever a feature does with the future shows, be it the close that is forecast, a centred window or a mean of the
 * whole series.
 *
 * Gives the first feature that looks ahead, or undefined. Throws what `compute` throws, and RangeError for a row that
 * has no bar after it.
 */
export function findLookAhead(compute: FeatureFunction, bars: Bars, rows: readonly number[]): LookAhead | undefined {
  const whole = compute(bars);
  for (const row of rows) {
    if (!(row >= 0 && row < bars.date.length - 1)) throw new RangeError(`Row ${row} of ${bars.date.length} has no bar after it that could be altered.`);
    const others = [
      { matrix: compute(alterAfter(bars, row)), how: 'it changes with bars of later days' },
      { matrix: compute(sliceBars(bars, 0, row + 1)), how: 'it is another one while later days do not exist yet' },
    ];
    for (const { matrix, how } of others) {
      const at = whole.names.findIndex((_, column) => !Object.is(valueAt(matrix, row, column), valueAt(whole, row, column)));
      if (at >= 0) return { column: whole.names[at]!, day: bars.date[row]!, how };
    }
  }
  return undefined;
}

/** The same bars up to row `last`, and other prices and volumes after it. */
function alterAfter(bars: Bars, last: number): Bars {
  const random = createRandom(last);
  const altered = (column: Float64Array): Float64Array => column.map((value, row) => (row <= last ? value : value * (0.5 + random.uniform())));
  return { date: bars.date, open: altered(bars.open), high: altered(bars.high), low: altered(bars.low), close: altered(bars.close), volume: altered(bars.volume) };
}

function valueAt({ names, values }: Matrix, row: number, column: number): number {
  return values[row * names.length + column]!;
}
