import { dailyLogLoss } from '../metrics/probability.ts';
import { daysToShowMean } from '../statistics/power.ts';
import { bootstrapDistribution, defaultBlockLength, quantileOfSorted } from '../statistics/stationary-bootstrap.ts';
import type { GateCheck } from './decision.ts';
import type { GateSettings } from './evidence.ts';
import { aboveOrBelow, nats, roundPercent } from './wording.ts';

export interface LogLossComparison {
  /** Mean of candidate's minus reference's log-loss, in nats a day: below 0 the candidate is better. */
  readonly difference: number;
  /** One-sided bounds of that mean: the lower one with the confidence 1 − level, the upper one with 1 − promotionLevel. */
  readonly lower: number;
  readonly upper: number;
  /** Deviation such that the mean of n days has the standard error deviation / √n, dependence included. */
  readonly deviation: number;
  /** `better` includes not worse by more than the margin. */
  readonly verdict: 'better' | 'within margin' | 'worse' | 'unknown';
  /** Days in all that would decide an unknown verdict with the asked power, if what was seen is the truth; else null. */
  readonly daysToDecide: number | null;
  /** Likewise, to tell better from worse, margin or not; null when that is told, or no number of days would. */
  readonly daysToTell: number | null;
}

/** Fewer resamples beyond a bound than this do not say where it lies. */
const LEAST_BEYOND_BOUND = 20;

/**
 * Compares two forecasts day by day on the same days, by their log-loss and a stationary block bootstrap of the paired
 * differences. All arrays have one entry per day, oldest first. Throws RangeError as `dailyLogLoss` and
 * `stationaryBootstrap`.
 */
export function compareLogLoss(
  labels: ArrayLike<number>,
  candidate: ArrayLike<number>,
  reference: ArrayLike<number>,
  margin: number,
  horizonDays: number,
  { level, promotionLevel, power, resamples, seed }: GateSettings & { readonly promotionLevel: number },
): LogLossComparison {
  const ofReference = dailyLogLoss(labels, reference);
  const differences = dailyLogLoss(labels, candidate).map((loss, day) => loss - ofReference[day]!);
  const days = differences.length;
  const meanBlockLength = defaultBlockLength(days, horizonDays);
  const { estimate: difference, statistics, standardError } = bootstrapDistribution(differences, {
    seed,
    resamples: Math.max(resamples, Math.ceil(LEAST_BEYOND_BOUND / promotionLevel)),
    meanBlockLength,
  });
  const lower = quantileOfSorted(statistics, (1 - (1 - 2 * level)) / 2);
  const upper = quantileOfSorted(statistics, (1 + (1 - 2 * promotionLevel)) / 2);
  const deviation = standardError * Math.sqrt(days);
  const verdict = lower > 0 ? 'worse' : upper < 0 ? 'better' : upper <= margin ? 'within margin' : 'unknown';
  // Two ways out of "unknown": the upper bound falls below the margin, or the lower bound rises above 0.
  const toShowWithin = difference < margin ? daysToShowMean(margin - difference, deviation, { level: promotionLevel, power }) : Infinity;
  const toShowWorse = difference > 0 ? daysToShowMean(difference, deviation, { level, power }) : Infinity;
  const soonest = Math.min(toShowWithin, toShowWorse);
  const daysToDecide = verdict === 'unknown' && Number.isFinite(soonest) ? soonest : null;
  const toShowBetter = difference < 0 ? daysToShowMean(difference, deviation, { level: promotionLevel, power }) : Infinity;
  const toTell = Math.min(toShowBetter, toShowWorse);
  const daysToTell = (verdict === 'unknown' || verdict === 'within margin') && Number.isFinite(toTell) ? toTell : null;
  return { difference, lower, upper, deviation, verdict, daysToDecide, daysToTell };
}

const VERDICT_IN_WORDS: Readonly<Record<LogLossComparison['verdict'], string>> = {
  better: 'is measurably better',
  'within margin': 'is not worse by more than the margin',
  worse: 'is measurably worse',
  unknown: 'may or may not be worse by more than the margin',
};

/** The comparison as two checks: not worse by more than the margin, and measurably better. */
export function logLossChecks(
  { difference, lower, upper, verdict }: LogLossComparison,
  against: 'baseline' | 'production',
  margin: number,
  { level, promotionLevel }: { readonly level: number; readonly promotionLevel: number },
  mustBeat = false,
): readonly [GateCheck, GateCheck] {
  const reference = against === 'baseline' ? 'the base-rate forecast' : 'the model in production';
  const bounds =
    promotionLevel === level
      ? `${roundPercent(1 - level)} bounds ${nats(lower)} and ${nats(upper)}`
      : `bounds ${nats(lower)} at ${roundPercent(1 - level)} and, these days having been judged before, ${nats(upper)} at ${roundPercent(1 - promotionLevel)}`;
  const detail =
    `the log-loss ${VERDICT_IN_WORDS[verdict]}, ${aboveOrBelow(difference)} ${reference}'s ` +
    `(one-sided ${bounds}, margin ${nats(margin)})`;
  return [
    {
      name: `log-loss not worse than ${reference}'s`,
      kind: 'non-inferior',
      against,
      passed: verdict === 'unknown' ? 'unknown' : verdict !== 'worse',
      detail,
    },
    {
      name: `log-loss better than ${reference}'s`,
      kind: 'superior',
      against,
      passed: verdict === 'better' ? true : verdict === 'worse' ? false : 'unknown',
      detail,
      ...(mustBeat ? { demanded: true as const } : {}),
    },
  ];
}
