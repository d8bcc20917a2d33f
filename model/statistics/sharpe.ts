import { momentsOf } from './moments.ts';
import type { NoTest } from './no-test.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/*
 * All Sharpe ratios of this file are per day, not per year, and kurtosis is not in excess (3 is normal). Mixing these
 * up is the usual mistake.
 */

export interface SharpeEstimate {
  readonly kind: 'estimated';
  readonly days: number;
  /** Mean over sample deviation, a day; the riskless rate is 0. */
  readonly ratio: number;
  readonly skewness: number;
  readonly kurtosis: number;
  /** For independent days of any shape; see {@link sharpeError}. */
  readonly standardError: number;
}

/** Undefined for fewer than 2 days and for profits that never vary. Throws RangeError for values that are not finite. */
export function estimateSharpe(daily: ArrayLike<number>): SharpeEstimate | NoTest {
  const days = daily.length;
  if (days < 2) return { kind: 'undefined', reason: `${days === 1 ? '1 day is' : 'no days are'} too few` };
  const moments = momentsOf(daily);
  if (moments === null) return { kind: 'undefined', reason: 'the profits never vary' };
  const shape = { ratio: moments.mean / moments.deviation, days, skewness: moments.skewness, kurtosis: moments.kurtosis };
  return { kind: 'estimated', ...shape, standardError: sharpeError(shape) };
}

export interface SharpeShape {
  /** Sharpe ratio a day. */
  readonly ratio: number;
  readonly days: number;
  readonly skewness: number;
  readonly kurtosis: number;
}

/**
 * Standard error of a daily Sharpe ratio over independent days that need not be normal:
 * √((1 − skewness · SR + (kurtosis − 1) / 4 · SR²) / (T − 1)) (E. Mertens, 2002; Bailey and López de Prado, Journal of
 * Risk 15, 2012). For normal days it is A. W. Lo's (Financial Analysts Journal 58, 2002). Days that depend on each other
 * need the block bootstrap. Throws RangeError for fewer than 2 days and shapes that no series has.
 */
export function sharpeError({ ratio, days, skewness, kurtosis }: SharpeShape): number {
  if (!(days >= 2)) throw new RangeError(`The error of a Sharpe ratio needs at least 2 days; got ${days}.`);
  const spread = 1 - skewness * ratio + ((kurtosis - 1) / 4) * ratio ** 2;
  // A series has kurtosis ≥ skewness² + 1, and then the spread is (1 − skewness · ratio / 2)² or more.
  if (!(kurtosis >= skewness ** 2 + 1 - 1e-9)) {
    throw new RangeError(`No series has the skewness ${skewness} and the kurtosis ${kurtosis}: kurtosis is at least skewness² + 1.`);
  }
  return Math.sqrt(Math.max(0, spread) / (days - 1));
}

/**
 * Probabilistic Sharpe ratio: the probability that the true ratio is above `benchmark` (a day), given what was seen
 * (Bailey and López de Prado, Journal of Risk 15, 2012). Throws RangeError as {@link sharpeError}.
 */
export function probabilisticSharpe(shape: SharpeShape, benchmark = 0): number {
  const error = sharpeError(shape);
  if (error === 0) return shape.ratio > benchmark ? 1 : shape.ratio < benchmark ? 0 : 0.5;
  return normalCdf((shape.ratio - benchmark) / error);
}

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * Largest of `trials` independent standard normal variables, on average (approximation of Bailey and López de Prado,
 * 2014, appendix 1). One trial has the mean 0. Throws RangeError unless `trials` is a whole number of 1 or more.
 */
export function expectedMaximum(trials: number): number {
  if (!Number.isSafeInteger(trials) || trials < 1) throw new RangeError(`Trials are a whole number of 1 or more; got ${trials}.`);
  if (trials === 1) return 0;
  return (1 - EULER_MASCHERONI) * normalQuantile(1 - 1 / trials) + EULER_MASCHERONI * normalQuantile(1 - 1 / (trials * Math.E));
}

export interface DeflatedSharpe {
  /** Ratio a day that the best of so many trials without skill is expected to show. */
  readonly benchmark: number;
  /** Probability that the true ratio is above 0 although the best of the trials was picked. */
  readonly probability: number;
  readonly trials: number;
}

/**
 * Deflated Sharpe ratio: the probabilistic one against the best that luck alone would show after `trials` tries
 * (D. H. Bailey and M. López de Prado, Journal of Portfolio Management 40, 2014). `spread` is the deviation of the
 * daily ratios across the trials; when they were not kept, 1/√T is what trials without skill would show, and is the
 * default. Trials that resemble each other count for fewer; pass the number of independent ones if it is known.
 *
 * Throws RangeError as {@link sharpeError} and {@link expectedMaximum}, and for a spread below 0.
 */
export function deflatedSharpe(shape: SharpeShape, trials: number, spread = 1 / Math.sqrt(shape.days)): DeflatedSharpe {
  if (!(spread >= 0 && Number.isFinite(spread))) throw new RangeError(`The spread of Sharpe ratios is 0 or more; got ${spread}.`);
  const benchmark = spread * expectedMaximum(trials);
  return { benchmark, probability: probabilisticSharpe(shape, benchmark), trials };
}

/**
 * Minimum track record: days needed so that the ratio is above `benchmark` with the given `confidence` (Bailey and López
 * de Prado, 2012). Infinity when it is not above it. Throws RangeError as {@link sharpeError} and `normalQuantile`.
 */
export function daysToShowSharpe(shape: Omit<SharpeShape, 'days'>, benchmark: number, confidence: number): number {
  if (shape.ratio <= benchmark) return Infinity;
  const errorOfOneDay = sharpeError({ ...shape, days: 2 });
  return Math.ceil(1 + ((errorOfOneDay * normalQuantile(confidence)) / (shape.ratio - benchmark)) ** 2);
}
