import { checkCounts } from './binomial.ts';
import { normalQuantile } from './normal.ts';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Wilson's score interval for a share: `successes` of `trials` (E. B. Wilson, JASA 22, 1927), two-sided with the given
 * `confidence`, within 0 … 1. Unlike the textbook ± it stays honest near 0 and 1.
 *
 * Throws RangeError for counts that make no sense, for no trials, and unless 0 < confidence < 1.
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  checkCounts(successes, trials);
  if (trials === 0) throw new RangeError('An interval for a share needs at least one trial; got none.');
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; got ${confidence}.`);
  const z = normalQuantile(0.5 + confidence / 2);
  const share = successes / trials;
  const pull = (z * z) / trials;
  const centre = (share + pull / 2) / (1 + pull);
  const half = (z / (1 + pull)) * Math.sqrt((share * (1 - share) + pull / 4) / trials);
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
