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
  return smooth(values, window, exponentialFactor(window));
}

/** Wilder's smoothing (1978): the same recursion and seed with α = 1 / window. */
export function wilderAverage(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window);
  return smooth(values, window, wilderFactor(window));
}

/** Smoothing factor α of {@link exponentialMovingAverage}. */
export const exponentialFactor = (window: number): number => 2 / (window + 1);

/** Smoothing factor α of {@link wilderAverage}. */
export const wilderFactor = (window: number): number => 1 / window;

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

/** What a smoothed average knows between two values. Plain data. */
export type SmoothingState = {
  /** Values so far, from the first that was not NaN. */
  rows: number;
  /** The average; before the seed is complete, the sum of the values. */
  average: number;
};

export function startSmoothing(): SmoothingState {
  return { rows: 0, average: 0 };
}

/**
 * {@link exponentialMovingAverage} (or, with its factor, {@link wilderAverage}) for one more value, in O(1): the same
 * recursion from the same seed, so the same bits. NaN until the seed is complete.
 */
export function updateSmoothing(state: SmoothingState, value: number, window: number, alpha: number): number {
  if (state.rows === 0 && Number.isNaN(value)) return NaN;
  state.rows++;
  if (state.rows > window) state.average += alpha * (value - state.average);
  else {
    state.average += value;
    if (state.rows < window) return NaN;
    state.average /= window;
  }
  return state.average;
}
