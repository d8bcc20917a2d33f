import { checkSpan } from './span.ts';

/**
 * Logarithmic return over `days` rows: ln(value[t] / value[t − days]). Sums over time. `values` has n entries, all
 * above 0; the result has n, rows 0 … days − 1 are NaN. Throws RangeError unless `days` is a whole number of 1 or more.
 */
export function logReturn(values: Float64Array, days: number): Float64Array {
  checkSpan('number of days', days);
  return values.map((value, row) => (row < days ? NaN : Math.log(value / values[row - days]!)));
}

/**
 * Momentum as a rate of change over `days` rows: value[t] / value[t − days] − 1. `values` has n entries, all above 0;
 * the result has n, rows 0 … days − 1 are NaN. Throws RangeError unless `days` is a whole number of 1 or more.
 */
export function momentum(values: Float64Array, days: number): Float64Array {
  checkSpan('number of days', days);
  return values.map((value, row) => (row < days ? NaN : value / values[row - days]! - 1));
}
