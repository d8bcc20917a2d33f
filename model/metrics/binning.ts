import { orderByScore } from './rank.ts';

/**
 * How probabilities are put into bins.
 * - `equal width`: over 0 … 1. Comparable from model to model.
 * - `equal count`: about as many days in each; days with the same probability stay together. Forecasts of next-day
 *   directions crowd around one half, where bins of equal width see one or two bins only.
 */
export type Binning = 'equal width' | 'equal count';

/** The bin of every day, counted from 0; some may stay empty. Throws RangeError unless `bins` is a whole number of 1 or more. */
export function binOfDays(probabilities: ArrayLike<number>, bins: number, binning: Binning): Uint32Array {
  if (!Number.isSafeInteger(bins) || bins < 1) throw new RangeError(`A calibration table needs 1 bin or more; got ${bins}.`);
  if (binning === 'equal width') {
    return Uint32Array.from(probabilities, (probability) => Math.min(bins - 1, Math.floor(probability * bins)));
  }
  const days = probabilities.length;
  const order = orderByScore(probabilities);
  const binOf = new Uint32Array(days);
  for (let start = 0; start < days; ) {
    let end = start + 1;
    while (end < days && probabilities[order[end]!] === probabilities[order[start]!]) end++;
    // A tie goes where its middle lies.
    const bin = Math.min(bins - 1, Math.floor(((start + end) / 2 / days) * bins));
    for (let at = start; at < end; at++) binOf[order[at]!] = bin;
    start = end;
  }
  return binOf;
}
