import { wilderAverage } from './exponential-moving-average.ts';
import { checkSpan } from './span.ts';

/**
 * Wilder's relative strength index, 0 … 100: 100 · gain / (gain + loss), where gain and loss are Wilder averages of the
 * upward and downward changes of `values` (J. W. Wilder, New Concepts in Technical Trading Systems, 1978). This equals
 * the usual 100 − 100 / (1 + gain / loss) without its division by zero.
 *
 * `values` has n entries and the result has n; rows 0 … window − 1 are NaN, because the seed needs `window` changes.
 * With neither gain nor loss (constant values) the index is 50: no strength either way. Throws RangeError unless
 * `window` is a whole number of 1 or more.
 */
export function relativeStrengthIndex(values: Float64Array, window: number): Float64Array {
  checkSpan('window', window);
  const rows = values.length;
  const gains = new Float64Array(rows).fill(NaN);
  const losses = new Float64Array(rows).fill(NaN);
  for (let row = 1; row < rows; row++) {
    const change = values[row]! - values[row - 1]!;
    gains[row] = change > 0 ? change : 0;
    losses[row] = change < 0 ? -change : 0;
  }
  const gain = wilderAverage(gains, window);
  const loss = wilderAverage(losses, window);
  const index = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const total = gain[row]! + loss[row]!;
    index[row] = total === 0 ? 50 : (100 * gain[row]!) / total;
  }
  return index;
}
