import { checkSpan } from './span.ts';

/**
 * Simple moving average: the mean of the last `window` values, this row's included.
 *
 * `values` has n entries and the result has n; rows 0 … window − 2 are NaN, and so is every row whose window holds a
 * NaN. Throws RangeError unless `window` is a whole number of 1 or more.
 *
 * O(n) for every window, and nothing is ever subtracted, so no rounding error builds up along the series: the rows
 * are cut into blocks of `window`, and each window is the tail of one block plus the head of the next (van Herk,
 * Pattern Recognition Letters 13, 1992, for running minima; the same split serves any associative operation).
 */
export function simpleMovingAverage(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window);
  const rows = values.length;
  const average = new Float64Array(rows).fill(NaN);
  const tail = new Float64Array(Math.min(window, rows) + 1);
  for (let start = 0; start < rows; start += window) {
    const end = Math.min(start + window, rows);
    let head = 0;
    for (let row = start; row < end; row++) {
      head += values[row]!;
      if (row >= window - 1) average[row] = (head + tail[row - start + 1]!) / window;
    }
    if (end - start === window) {
      // tail[k] becomes the sum of this block from its entry k on; tail[window] stays 0.
      for (let at = window - 1; at >= 0; at--) tail[at] = tail[at + 1]! + values[start + at]!;
    }
  }
  return average;
}
