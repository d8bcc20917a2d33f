import { checkSpan } from './span.ts';

/**
 * Exponential moving average with smoothing factor α = 2 / (window + 1).
 *
 * Seed: the simple average of the first `window` values stands at row window − 1 (the convention of StockCharts and
 * TA-Lib); from there e[t] = e[t−1] + α (value[t] − e[t−1]). `values` has n entries and the result has n; rows before
 * the seed are NaN. NaN is allowed only as a run at the start (another kernel's warm-up): the seed then begins after
 * it. Throws RangeError unless `window` is a whole number of 1 or more.
 *
 * The seed's weight fades as (1 − α)ᵏ but never ends, so two series that begin at different rows agree only after
 * {@link smoothingConvergence} rows.
 */
export function exponentialMovingAverage(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window);
  return smooth(values, window, 2 / (window + 1));
}

/** Wilder's smoothing (1978): the same recursion and seed with α = 1 / window. */
export function wilderAverage(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window);
  return smooth(values, window, 1 / window);
}

/** The weight that a seed may keep once a recursive feature counts as complete. */
export const CONVERGED_WEIGHT = 1e-9;

/** Rows after the seed until the seed's weight (1 − α)ᵏ is {@link CONVERGED_WEIGHT} or less. */
export function smoothingConvergence(alpha: number): number {
  return alpha >= 1 ? 0 : Math.ceil(Math.log(CONVERGED_WEIGHT) / Math.log1p(-alpha));
}

function smooth(values: Float64Array, window: number, alpha: number): Float64Array {
  const rows = values.length;
  const smoothed = new Float64Array(rows).fill(NaN);
  let first = 0;
  while (first < rows && Number.isNaN(values[first]!)) first++;
  const seedRow = first + window - 1;
  if (seedRow >= rows) return smoothed;
  let average = 0;
  for (let row = first; row <= seedRow; row++) average += values[row]!;
  average /= window;
  smoothed[seedRow] = average;
  for (let row = seedRow + 1; row < rows; row++) {
    average += alpha * (values[row]! - average);
    smoothed[row] = average;
  }
  return smoothed;
}
