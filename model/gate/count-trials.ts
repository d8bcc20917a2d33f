import { TRADING_DAYS_A_YEAR } from '../metrics/trading.ts';
import { deflatedSharpe, estimateSharpe } from '../statistics/sharpe.ts';
import type { GateCheck, GateTrials } from './decision.ts';
import type { GateSettings, Trials } from './evidence.ts';
import { TRIAL_CHECK } from './questions.ts';

/**
 * The level of every claim in the candidate's favour. Whoever judges the same days again and again passes once by luck, so
 * the stated level is divided among all judgements of these days (Bonferroni). Claims against the candidate keep the
 * stated level: that they were made before makes no model better. Over k judgements the levels add up to
 * level · (1 + 1/2 + … + 1/k), that is 11 % over five at 5 %, where uncounted ones would add up to 25 %.
 */
export function promotionLevel({ level }: GateSettings, trials: Trials | undefined): number {
  return level / (1 + (trials?.earlierJudgements ?? 0));
}

/** Counts the tries and deflates the Sharpe ratio of the candidate's strategy by them. */
export function countTrials({ triedModels, earlierJudgements, dailyProfits }: Trials, settings: GateSettings): GateTrials {
  const level = promotionLevel(settings, { triedModels, earlierJudgements });
  const estimate = dailyProfits && estimateSharpe(dailyProfits);
  if (estimate?.kind !== 'estimated') return { triedModels, earlierJudgements, promotionLevel: level, deflatedSharpe: null };
  const { benchmark, probability } = deflatedSharpe(estimate, triesOf({ triedModels, earlierJudgements }));
  return { triedModels, earlierJudgements, promotionLevel: level, deflatedSharpe: { ratio: estimate.ratio, benchmark, probability } };
}

/** The deflated score as a check. It stops nothing: a forecast may be worth having without a strategy that is. */
export function trialCheck(trials: GateTrials, { level }: GateSettings): GateCheck {
  const { triedModels, earlierJudgements, deflatedSharpe: score } = trials;
  const tries = `${counted(triedModels, 'model')} tried and ${counted(earlierJudgements, 'earlier judgement')} on these days`;
  const yearly = (ratio: number): string => (ratio * Math.sqrt(TRADING_DAYS_A_YEAR)).toFixed(2);
  return {
    name: TRIAL_CHECK,
    kind: 'superior',
    against: 'baseline',
    passed: score !== null && score.probability >= 1 - level ? true : 'unknown',
    detail:
      score === null
        ? `${tries}; no score to deflate`
        : `${tries}: the best of so many without skill would show a Sharpe ratio of ${yearly(score.benchmark)} a year by luck, the candidate ` +
          `shows ${yearly(score.ratio)}, a deflated Sharpe ratio of ${score.probability.toFixed(2)}, where ${(1 - level).toFixed(2)} would show skill`,
  };
}

/** The judged models are among the tried ones, so the larger count is the right one. */
function triesOf({ triedModels, earlierJudgements }: Pick<Trials, 'triedModels' | 'earlierJudgements'>): number {
  return Math.max(triedModels, 1 + earlierJudgements);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
