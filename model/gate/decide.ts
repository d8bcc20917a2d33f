import { normalQuantile } from '../statistics/normal.ts';
import { daysToShowMean } from '../statistics/power.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkSlices } from './check-slices.ts';
import { compareAccuracy } from './compare-accuracy.ts';
import { compareLogLoss, logLossChecks, type LogLossComparison } from './compare-log-loss.ts';
import { countTrials, promotionLevel, trialCheck } from './count-trials.ts';
import type { GateCheck, GateDecision, GatePower } from './decision.ts';
import { defaultGateSettings, type GateEvidence, type GateSettings } from './evidence.ts';
import { fairTrialChecks, neededDays, outputChecks } from './hard-checks.ts';
import { isNeeded, unansweredChecks } from './questions.ts';
import { reasonOf } from './reason.ts';

/**
 * Decides whether a candidate model goes into production. Always by the same data and seed the same answer.
 *
 * The policy:
 * 1. **Hard checks** come first: every outside check passed, the judged days are unseen by both models, there are enough
 *    of them for the label's horizon, both directions happened, and the output is made of probabilities, is not constant
 *    and predicts both directions.
 * 2. **Against the base-rate forecast** (every day the share of up days until then) the candidate's daily log-loss is
 *    compared on the same days, by a paired stationary block bootstrap with one-sided bounds at the stated level. It
 *    must not be worse by more than `baselineMargin`.
 * 3. **Against the model in production**, if there is one, likewise with `championMargin`. So a scheduled retraining
 *    passes when it is as good; freshness is its merit. Rule 2 holds every time, so small losses cannot add up.
 * 4. **Against the majority forecast** the accuracy is compared by McNemar's exact test.
 * 5. **In no slice** that the evidence names may it collapse.
 * 6. **Tries are counted.** Every earlier judgement on the same days makes claims in the candidate's favour harder: their
 *    level is divided among all judgements. The Sharpe ratio of the strategy is deflated by the number of tries and
 *    recorded; it stops nothing.
 *
 * `reviewOf` tells which of the seven questions were answered at all; `demandEveryAnswer` makes a promotion need all.
 *
 * - `keep`: a hard check failed, or the candidate is measurably worse than any of them, be it within the margin: the
 *   margin is for what the data cannot exclude, not for what they show.
 * - `promote`: all hard checks passed and it is shown not to be worse by more than the margins.
 * - `inconclusive`: the data cannot tell; the answer says how many more days would.
 *
 * **The first model**, with nothing in production, has no rule 3; unless the others promote it, nothing is served. By the
 * policy `superior` it must in place of rule 2 be shown to be better than the base-rate forecast, at the stated level: of
 * models that know nothing no more than that share gets into production. By `non-inferior` rule 2 stands as it is, and when
 * the model does not beat a baseline, the reason says so (docs/decisions/0012).
 *
 * Throws RangeError for evidence that does not fit together: different lengths, dates that do not rise, labels other
 * than 0 and 1, a broken model in production, settings out of range.
 */
export function decide(evidence: GateEvidence): GateDecision {
  const settings = { ...defaultGateSettings, ...evidence.settings };
  checkEvidence(evidence, settings);
  const fair = fairTrialChecks(evidence, settings);
  const judged = fair.worthJudging ? judge(evidence, settings) : { checks: [], power: powerOfTooLittle(evidence, settings) };
  const trials = evidence.trials && countTrials(evidence.trials, settings);
  const looked = [...fair.checks, ...judged.checks, ...(trials ? [trialCheck(trials, settings)] : [])];
  const unanswered = settings.demandEveryAnswer && fair.worthJudging ? unansweredChecks(looked, trials) : [];
  const checks = [...looked, ...unanswered.map((check) => ({ ...check, kind: 'hard' as const }))];
  const decision = decisionOf(checks);
  const reason = reasonOf(decision, checks, judged.power, evidence.champion === undefined ? settings.firstModel : undefined);
  return { decision, reason, checks, power: judged.power, ...(trials ? { trials } : {}) };
}

function decisionOf(checks: readonly GateCheck[]): GateDecision['decision'] {
  if (checks.some((check) => check.passed === false)) return 'keep';
  return checks.every((check) => !isNeeded(check) || check.passed === true) ? 'promote' : 'inconclusive';
}

type JudgeSettings = GateSettings & { readonly promotionLevel: number };

function judge(evidence: GateEvidence, given: GateSettings): { checks: readonly GateCheck[]; power: GatePower } {
  const settings: JudgeSettings = { ...given, promotionLevel: promotionLevel(given, evidence.trials) };
  const { labels, candidate, champion, baselines, horizonDays } = evidence;
  const against = (reference: ArrayLike<number>, margin: number): LogLossComparison =>
    compareLogLoss(labels, candidate.probabilities, reference, margin, horizonDays, settings);

  const baseRateLoss = against(baselines.baseRate, settings.baselineMargin);
  const mustBeat = champion === undefined && settings.firstModel === 'superior';
  const championLoss = champion && against(champion.probabilities, settings.championMargin);
  const accuracy = compareAccuracy(labels, candidate.probabilities, baselines.majority, horizonDays, settings);
  return {
    checks: [
      ...outputChecks(evidence, settings),
      ...logLossChecks(baseRateLoss, 'baseline', settings.baselineMargin, settings, mustBeat),
      ...(championLoss ? logLossChecks(championLoss, 'production', settings.championMargin, settings) : []),
      accuracy.check,
      ...(evidence.slices ? [checkSlices(evidence, settings)] : []),
    ],
    power: powerOf(baseRateLoss, mustBeat, championLoss, accuracy.daysToShow, labels.length, settings),
  };
}

function powerOf(
  baseRateLoss: LogLossComparison,
  mustBeat: boolean,
  championLoss: LogLossComparison | undefined,
  daysToShowBetterAccuracy: number | null,
  days: number,
  { level, promotionLevel: levelInFavour, power }: JudgeSettings,
): GatePower {
  const againstBaseRate = mustBeat ? baseRateLoss.daysToTell : baseRateLoss.daysToDecide;
  const open = [againstBaseRate, championLoss?.daysToDecide].filter((needed) => typeof needed === 'number');
  const daysToDecide = open.length > 0 ? Math.max(...open) : null;
  const { deviation, difference } = baseRateLoss;
  return {
    days,
    level,
    power,
    detectableDifference: ((normalQuantile(1 - levelInFavour) + normalQuantile(power)) * deviation) / Math.sqrt(days),
    daysToDecide,
    moreDays: daysToDecide === null ? null : daysToDecide - days,
    daysToShowBetterLogLoss: difference < 0 ? daysToShowMean(difference, deviation, { level: levelInFavour, power }) : null,
    daysToShowBetterAccuracy,
  };
}

/** Without a fair trial there are no figures; the only open question is when there will be enough days. */
function powerOfTooLittle({ dates, horizonDays }: GateEvidence, settings: GateSettings): GatePower {
  const { level, power } = settings;
  const days = dates.length;
  const needed = neededDays(horizonDays, settings);
  const daysToDecide = days < needed ? needed : null;
  return {
    days,
    level,
    power,
    detectableDifference: null,
    daysToDecide,
    moreDays: daysToDecide === null ? null : daysToDecide - days,
    daysToShowBetterLogLoss: null,
    daysToShowBetterAccuracy: null,
  };
}
