import { UP_FROM } from './metrics/confusion.ts';
import { createRandom } from './random.ts';

export { laggedLogistic } from './baselines/lagged-logistic.ts';

/** A forecaster without a model that every model stands beside: its classes (0 or 1), one per judged day. */
export interface Baseline {
  readonly name: 'majority' | 'persistence' | 'always up' | 'base-rate random';
  readonly predicted: Uint8Array;
}

/**
 * Share of up days among the training labels: the probability that a forecaster without a model would give every day.
 * Throws RangeError for no labels and for labels other than 0 and 1.
 */
export function baseRate(trainingLabels: ArrayLike<number>): number {
  if (trainingLabels.length === 0) throw new RangeError('A base rate needs at least one training label; got none.');
  let ups = 0;
  for (let row = 0; row < trainingLabels.length; row++) {
    const label = trainingLabels[row]!;
    if (label !== 0 && label !== 1) throw new RangeError(`The training label of row ${row} is ${label}; it must be 0 or 1.`);
    ups += label;
  }
  return ups / trainingLabels.length;
}

/** Every day the class that was more frequent in training (up when both were equally frequent). */
export function majority(rate: number, days: number): Baseline {
  return { name: 'majority', predicted: new Uint8Array(days).fill(rate >= UP_FROM ? 1 : 0) };
}

/** Up, every day. */
export function alwaysUp(days: number): Baseline {
  return { name: 'always up', predicted: new Uint8Array(days).fill(1) };
}

/**
 * A coin that falls up as often as training days did: what guessing without a model looks like, luck included. The same
 * seed gives the same guesses. Throws RangeError unless 0 ≤ rate ≤ 1.
 */
export function baseRateRandom(rate: number, days: number, seed: number): Baseline {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`The base rate is ${rate}; it must lie between 0 and 1.`);
  const random = createRandom(seed);
  return { name: 'base-rate random', predicted: Uint8Array.from({ length: days }, () => (random.uniform() < rate ? 1 : 0)) };
}

/**
 * The coming days do what the past ones did: up where the close is above the close `horizonDays` rows before. For the
 * rows `from` … `to` − 1 of `close`; no row may reach before row 0. Throws RangeError when one does.
 */
export function persistence(
  close: Float64Array,
  horizonDays: number,
  { from, to }: { readonly from: number; readonly to: number },
): Baseline {
  if (from < horizonDays || to > close.length) {
    throw new RangeError(`Persistence over ${horizonDays} days cannot judge rows ${from} to ${to} of ${close.length}.`);
  }
  const judged = close.subarray(from, to);
  return { name: 'persistence', predicted: Uint8Array.from(judged, (price, day) => (price > close[from + day - horizonDays]! ? 1 : 0)) };
}
