import { exponentialMovingAverage } from './exponential-moving-average.ts';
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
  checkSpan('signal window', signal);
  checkSpan('fast window', fast);
  checkSpan('slow window', slow);
  if (fast >= slow) throw new RangeError(`MACD needs a fast window below its slow window; got ${fast} and ${slow}.`);
  const fastAverage = exponentialMovingAverage(values, fast);
  const slowAverage = exponentialMovingAverage(values, slow);
  const macd = fastAverage.map((value, row) => value - slowAverage[row]!);
  const signalLine = exponentialMovingAverage(macd, signal);
  const histogram = macd.map((value, row) => value - signalLine[row]!);
  return { macd, signal: signalLine, histogram };
}
