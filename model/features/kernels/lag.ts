import { checkSpan } from './span.ts';

/** The last `days` values. Plain data. */
export type LagState = {
  /** Values so far. */
  rows: number;
  /** A ring: the next value takes the place of the oldest. */
  ring: number[];
};

/** Throws RangeError unless `days` is a whole number of 1 or more. */
export function startLag(days: number): LagState {
  checkSpan('number of days', days);
  return { rows: 0, ring: new Array<number>(days).fill(0) };
}

/** Takes one more value and gives the one of `days` rows before, in O(1); NaN for the first `days` rows. */
export function updateLag(state: LagState, value: number): number {
  const { ring } = state;
  const at = state.rows++ % ring.length;
  const before = state.rows > ring.length ? ring[at]! : NaN;
  ring[at] = value;
  return before;
}
