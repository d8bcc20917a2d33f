import { checkSpan } from './span.ts';

/**
 * Logarithmic return over `days` rows: ln(value[t] / value[t − days]). Sums over time. `values` has n entries, all
 * above 0; the result has n, rows 0 … days − 1 are NaN. Throws RangeError unless `days` is a whole number of 1 or more.
 */
export function logReturn(values: Float64Array, days: number): Float64Array {
  checkSpan('number of days', days);
  const returns = new Float64Array(values.length).fill(NaN);
  for (let row = days; row < values.length; row++) returns[row] = Math.log(values[row]! / values[row - days]!);
  return returns;
}
