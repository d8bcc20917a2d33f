import { forwardReturn } from './forward-return.ts';

/**
 * The label that is learned: 1 where the close `horizonDays` rows later is higher than this row's close, 0 where it is
 * equal or lower. `close` has n entries, all above 0, and the result has n; the last `horizonDays` rows are NaN,
 * because their future is not known yet. The label of row t depends on close[t] and close[t + horizonDays] only.
 * Throws RangeError as {@link forwardReturn}.
 */
export function direction(close: Float64Array, horizonDays: number): Float64Array {
  return forwardReturn(close, horizonDays).map((change) => (Number.isNaN(change) ? NaN : change > 0 ? 1 : 0));
}
