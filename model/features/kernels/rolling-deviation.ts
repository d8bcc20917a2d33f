import { checkSpan } from './span.ts';

/**
 * Sample standard deviation (divisor window − 1) of the last `window` values, this row's included, in the unit of the
 * values.
 *
 * `values` has n entries and the result has n; rows 0 … window − 2 are NaN, and so is every row whose window holds a
 * NaN. Throws RangeError unless `window` is a whole number of 2 or more.
 *
 * O(n) for every window and stable: the window is the tail of one block plus the head of the next, as in the simple
 * moving average; each part keeps count, mean and sum of squared deviations (Welford, Technometrics 4, 1962), and the
 * two parts are joined by the formula of Chan, Golub and LeVeque (1979). No sum of squares is ever subtracted, so a
 * small deviation about a large mean keeps its digits.
 */
export function rollingDeviation(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window, 2);
  const rows = values.length;
  const deviation = new Float64Array(rows).fill(NaN);
  const span = Math.min(window, rows) + 1;
  const tailMean = new Float64Array(span);
  const tailSquares = new Float64Array(span);
  for (let start = 0; start < rows; start += window) {
    const end = Math.min(start + window, rows);
    let headMean = 0;
    let headSquares = 0;
    for (let row = start; row < end; row++) {
      const headCount = row - start + 1;
      const step = values[row]! - headMean;
      headMean += step / headCount;
      headSquares += step * (values[row]! - headMean);
      if (row < window - 1) continue;
      const gap = tailMean[headCount]! - headMean;
      const between = headCount === window ? 0 : (gap * gap * headCount * (window - headCount)) / window;
      deviation[row] = Math.sqrt((headSquares + tailSquares[headCount]! + between) / (window - 1));
    }
    if (end - start < window) break;
    // From here tail…[k] describes this block's entries k … window − 1; entry `window` stays empty (0).
    let mean = 0;
    let squares = 0;
    for (let at = window - 1; at >= 0; at--) {
      const value = values[start + at]!;
      const step = value - mean;
      mean += step / (window - at);
      squares += step * (value - mean);
      tailMean[at] = mean;
      tailSquares[at] = squares;
    }
  }
  return deviation;
}

/** What a rolling deviation knows between two values. Plain data, as large as two windows. */
export type DeviationState = {
  rows: number;
  headMean: number;
  headSquares: number;
  /** Up to the present row the values of this block, behind it the means of the tails of the block before. */
  block: number[];
  /** The sums of squared deviations of those tails. */
  tailSquares: number[];
};

export function startDeviation(window: number): DeviationState {
  checkSpan('window', window, 2);
  const empty = (): number[] => new Array<number>(window + 1).fill(0);
  return { rows: 0, headMean: 0, headSquares: 0, block: empty(), tailSquares: empty() };
}

/**
 * {@link rollingDeviation} for one more value: the same steps in the same order, so the same bits. NaN until `window`
 * values were seen. Amortised O(1): once in `window` values the tails of a block are computed.
 */
export function updateDeviation(state: DeviationState, value: number): number {
  const { block, tailSquares } = state;
  const window = block.length - 1;
  const at = state.rows++ % window;
  const headCount = at + 1;
  const step = value - state.headMean;
  state.headMean += step / headCount;
  state.headSquares += step * (value - state.headMean);
  const gap = block[headCount]! - state.headMean;
  const between = headCount === window ? 0 : (gap * gap * headCount * (window - headCount)) / window;
  const deviation = state.rows < window ? NaN : Math.sqrt((state.headSquares + tailSquares[headCount]! + between) / (window - 1));
  block[at] = value;
  if (headCount === window) closeBlock(state);
  return deviation;
}

/** Turns the values of a full block into the mean and the squares of each of its tails. */
function closeBlock(state: DeviationState): void {
  const { block, tailSquares } = state;
  const window = block.length - 1;
  let mean = 0;
  let squares = 0;
  for (let at = window - 1; at >= 0; at--) {
    const value = block[at]!;
    const step = value - mean;
    mean += step / (window - at);
    squares += step * (value - mean);
    block[at] = mean;
    tailSquares[at] = squares;
  }
  state.headMean = 0;
  state.headSquares = 0;
}
