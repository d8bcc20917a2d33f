import { startSmoothing, updateSmoothing, wilderAverage, wilderFactor, type SmoothingState } from './exponential-moving-average.ts';
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
  for (let row = 0; row < rows; row++) index[row] = strengthOf(gain[row]!, loss[row]!);
  return index;
}

function strengthOf(gain: number, loss: number): number {
  const total = gain + loss;
  return total === 0 ? 50 : (100 * gain) / total;
}

/** What the index knows between two values. Plain data. */
export type StrengthState = { rows: number; previous: number; gain: SmoothingState; loss: SmoothingState };

export function startStrength(window: number): StrengthState {
  checkSpan('window', window);
  return { rows: 0, previous: 0, gain: startSmoothing(), loss: startSmoothing() };
}

/** {@link relativeStrengthIndex} for one more value, in O(1) and with the same bits. */
export function updateStrength(state: StrengthState, value: number, window: number): number {
  const change = value - state.previous;
  state.previous = value;
  if (state.rows++ === 0) return NaN;
  const alpha = wilderFactor(window);
  const gain = updateSmoothing(state.gain, change > 0 ? change : 0, window, alpha);
  const loss = updateSmoothing(state.loss, change < 0 ? -change : 0, window, alpha);
  return strengthOf(gain, loss);
}
