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

/** What a moving average knows between two values. Plain data, as large as the window. */
export type MeanState = {
  /** Values so far. */
  rows: number;
  /** Sum of the present block. */
  head: number;
  /** Up to the present row the values of this block, behind it the tails of the block before; one more entry, always 0. */
  block: number[];
};

export function startMean(window: number): MeanState {
  checkSpan('window', window);
  return { rows: 0, head: 0, block: new Array<number>(window + 1).fill(0) };
}

/**
 * {@link simpleMovingAverage} for one more value: the same sums in the same order, so the same bits. NaN until `window`
 * values were seen. Amortised O(1): once in `window` values the tails of a block are summed.
 */
export function updateMean(state: MeanState, value: number): number {
  const { block } = state;
  const window = block.length - 1;
  const at = state.rows++ % window;
  state.head += value;
  const mean = state.rows < window ? NaN : (state.head + block[at + 1]!) / window;
  block[at] = value;
  if (at === window - 1) {
    for (let entry = at; entry >= 0; entry--) block[entry]! += block[entry + 1]!;
    state.head = 0;
  }
  return mean;
}
