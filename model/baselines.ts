import { UP_FROM } from './metrics/confusion.ts';
import { createRandom } from './random.ts';

export { expandingBaseRate } from './baselines/expanding-base-rate.ts';
export { laggedLogistic } from './baselines/lagged-logistic.ts';

/** A forecaster without a model that every model stands beside: its classes (0 or 1), one per judged day. */
export interface Baseline {
  readonly name: 'majority' | 'persistence' | 'always up' | 'base-rate random';
  readonly predicted: Uint8Array;
}

/**
 * Share of up days among labels: the probability that a forecaster without a model would give every day.
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

/** A share for all days, or one for each. */
type Rate = number | ArrayLike<number>;

function rateOn(rate: Rate, day: number): number {
  return typeof rate === 'number' ? rate : rate[day]!;
}

/** Every day the class that was more frequent until then (up when both were equally frequent). */
export function majority(rate: Rate, days: number): Baseline {
  return { name: 'majority', predicted: Uint8Array.from({ length: days }, (_, day) => (rateOn(rate, day) >= UP_FROM ? 1 : 0)) };
}

/** Up, every day. */
export function alwaysUp(days: number): Baseline {
  return { name: 'always up', predicted: new Uint8Array(days).fill(1) };
}

/**
 * A coin that falls up as often as days before did: what guessing without a model looks like, luck included. The same
 * seed gives the same guesses. Throws RangeError unless 0 ≤ rate ≤ 1 on every day.
 */
export function baseRateRandom(rate: Rate, days: number, seed: number): Baseline {
  const random = createRandom(seed);
  const predicted = Uint8Array.from({ length: days }, (_, day) => {
    const own = rateOn(rate, day);
    if (!(own >= 0 && own <= 1)) throw new RangeError(`The base rate is ${own}; it must lie between 0 and 1.`);
    return random.uniform() < own ? 1 : 0;
  });
  return { name: 'base-rate random', predicted };
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
