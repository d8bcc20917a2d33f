import { checkSpan } from './span.ts';

/**
 * Momentum as a rate of change over `days` rows: value[t] / value[t − days] − 1. `values` has n entries, all above 0;
 * the result has n, rows 0 … days − 1 are NaN. Throws RangeError unless `days` is a whole number of 1 or more.
 */
export function momentum(values: Float64Array, days: number): Float64Array {
  checkSpan('number of days', days);
  const changes = new Float64Array(values.length).fill(NaN);
  for (let row = days; row < values.length; row++) changes[row] = values[row]! / values[row - days]! - 1;
  return changes;
}
