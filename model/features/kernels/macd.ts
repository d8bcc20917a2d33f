import { exponentialFactor, exponentialMovingAverage, startSmoothing, updateSmoothing, type SmoothingState } from './exponential-moving-average.ts';
import { checkSpan } from './span.ts';

export interface Macd {
  /** Fast minus slow exponential average, in the unit of the values. NaN before row slow − 1. */
  readonly macd: Float64Array;
  /** Exponential average of `macd`. NaN before row slow + signal − 2. */
  readonly signal: Float64Array;
  /** `macd` minus `signal`. NaN before row slow + signal − 2. */
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence/divergence (Gerald Appel), by default spelled 12, 26, 9. All averages are SMA-seeded, as
 * {@link exponentialMovingAverage} states; libraries that seed with the first value differ until the seed has faded.
 *
 * `values` has n entries, each result has n. Throws RangeError unless all three windows are whole numbers of 1 or more
 * and fast < slow.
 */
export function movingAverageConvergence(values: Float64Array, fast: number, slow: number, signal: number): Macd {
  checkWindows(fast, slow, signal);
  const fastAverage = exponentialMovingAverage(values, fast);
  const slowAverage = exponentialMovingAverage(values, slow);
  const macd = fastAverage.map((value, row) => value - slowAverage[row]!);
  const signalLine = exponentialMovingAverage(macd, signal);
  const histogram = macd.map((value, row) => value - signalLine[row]!);
  return { macd, signal: signalLine, histogram };
}

function checkWindows(fast: number, slow: number, signal: number): void {
  checkSpan('signal window', signal);
  checkSpan('fast window', fast);
  checkSpan('slow window', slow);
  if (fast >= slow) throw new RangeError(`MACD needs a fast window below its slow window; got ${fast} and ${slow}.`);
}

/** What the three averages know between two values. Plain data. */
export type MacdState = { fast: SmoothingState; slow: SmoothingState; signal: SmoothingState };

/** Throws RangeError as {@link movingAverageConvergence}. */
export function startMacd(fast: number, slow: number, signal: number): MacdState {
  checkWindows(fast, slow, signal);
  return { fast: startSmoothing(), slow: startSmoothing(), signal: startSmoothing() };
}

/** {@link movingAverageConvergence} for one more value, in O(1) and with the same bits: MACD line and histogram. */
export function updateMacd(state: MacdState, value: number, fast: number, slow: number, signal: number): readonly [macd: number, histogram: number] {
  const fastAverage = updateSmoothing(state.fast, value, fast, exponentialFactor(fast));
  const slowAverage = updateSmoothing(state.slow, value, slow, exponentialFactor(slow));
  const macd = fastAverage - slowAverage;
  return [macd, macd - updateSmoothing(state.signal, macd, signal, exponentialFactor(signal))];
}
