import { normalQuantile } from './normal.ts';

export interface TestDesign {
  /** One-sided probability of a false alarm, for example 0.05. */
  readonly level: number;
  /** Probability of seeing an effect that is there, for example 0.8. */
  readonly power: number;
}

/**
 * Independent days needed to show that a share is `actual` and not `base` (normal approximation, one-sided; Fleiss,
 * Statistical Methods for Rates and Proportions). Infinity when the two are equal. Throws RangeError unless both
 * shares, the level and the power lie strictly between 0 and 1.
 */
export function daysToShowShare(base: number, actual: number, { level, power }: TestDesign): number {
  for (const share of [base, actual]) {
    if (!(share > 0 && share < 1)) throw new RangeError(`A share lies between 0 and 1; got ${share}.`);
  }
  const spread =
    normalQuantile(1 - level) * Math.sqrt(base * (1 - base)) + normalQuantile(power) * Math.sqrt(actual * (1 - actual));
  return Math.ceil((spread / (actual - base)) ** 2);
}

/**
 * Days needed to show that a daily mean differs from 0 by `effect`, when the mean of n days has the standard error
 * `deviation` / √n (normal approximation, one-sided). Infinity for an effect of 0. Throws RangeError unless
 * `deviation` ≥ 0 and level and power lie strictly between 0 and 1.
 */
export function daysToShowMean(effect: number, deviation: number, { level, power }: TestDesign): number {
  if (!(deviation >= 0)) throw new RangeError(`A deviation is 0 or more; got ${deviation}.`);
  const spread = (normalQuantile(1 - level) + normalQuantile(power)) * deviation;
  return effect === 0 ? Infinity : Math.ceil((spread / effect) ** 2);
}
