import { simpleMovingAverage } from './simple-moving-average.ts';

/**
 * This row's volume over the mean volume of the last `window` rows (this row included): 1 on an average day. Where the
 * whole window traded nothing the ratio is 1. `volume` has n entries of 0 or more; the result has n, rows
 * 0 … window − 2 are NaN. Throws RangeError unless `window` is a whole number of 1 or more.
 */
export function volumeRatio(volume: Float64Array, window: number): Float64Array {
  const average = simpleMovingAverage(volume, window);
  return average.map((mean, row) => ratioTo(mean, volume[row]!));
}

/** One day's volume over a mean; 1 where nothing was traded. */
export function ratioTo(mean: number, volume: number): number {
  return mean === 0 ? 1 : volume / mean;
}
