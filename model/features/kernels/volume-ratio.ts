import { simpleMovingAverage } from './simple-moving-average.ts';

/**
 * This row's volume over the mean volume of the last `window` rows (this row included): 1 on an average day. Where the
 * whole window traded nothing the ratio is 1. `volume` has n entries of 0 or more; the result has n, rows
 * 0 … window − 2 are NaN. Throws RangeError unless `window` is a whole number of 1 or more.
 */
export function volumeRatio(volume: Float64Array, window: number): Float64Array {
  const average = simpleMovingAverage(volume, window);
  return average.map((mean, row) => (mean === 0 ? 1 : volume[row]! / mean));
}
