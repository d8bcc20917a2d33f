import type { GateQuestion } from './questions.ts';

/**
 * One thing that was looked at.
 * - `hard`: must hold for any promotion.
 * - `non-inferior`: not worse by more than a margin; must hold for promotion.
 * - `superior`: measurably better; needed for promotion only where `demanded`, but measurably worse (`false`) stops it.
 */
export interface GateCheck {
  readonly name: string;
  readonly kind: 'hard' | 'non-inferior' | 'superior';
  /** Of `superior`: promotion needs it. */
  readonly demanded?: true;
  /** What the candidate was compared with; absent for hard checks. */
  readonly against?: 'baseline' | 'production';
  /** `unknown`: the data cannot tell. */
  readonly passed: boolean | 'unknown';
  /** One sentence with the figures. */
  readonly detail: string;
  /** Of a check from outside: the question it answers. */
  readonly answers?: GateQuestion;
}

/** What was tried before, and what it costs. Plain JSON. */
export interface GateTrials {
  readonly triedModels: number;
  readonly earlierJudgements: number;
  /** Level of every claim in the candidate's favour: the stated one, divided among all judgements of these days. */
  readonly promotionLevel: number;
  /** Null without profits, or when they have no Sharpe ratio. */
  readonly deflatedSharpe: {
    /** Sharpe ratio a day. */
    readonly ratio: number;
    /** Ratio a day that the best of so many tries without skill is expected to show. */
    readonly benchmark: number;
    /** Probability that the true ratio is above 0 although the best of the tries was picked. */
    readonly probability: number;
  } | null;
}

/** What the judged days can show. Plain JSON: null stands for "no number of days would" and "not computed". */
export interface GatePower {
  /** Judged days. */
  readonly days: number;
  readonly level: number;
  readonly power: number;
  /** Smallest difference in log-loss from the base-rate forecast, in nats a day, that these days show with this power. */
  readonly detectableDifference: number | null;
  /** Days in all that would decide every open check, if what was seen is the truth; null when none is open. */
  readonly daysToDecide: number | null;
  /** `daysToDecide` less the days there are. */
  readonly moreDays: number | null;
  /** Days in all that would show a lower log-loss than the base-rate forecast's; null when it was not lower. */
  readonly daysToShowBetterLogLoss: number | null;
  /** Independent days in all that would show a higher accuracy than the majority forecast's; null when it was not higher. */
  readonly daysToShowBetterAccuracy: number | null;
}

export interface GateDecision {
  readonly decision: 'promote' | 'keep' | 'inconclusive';
  /** One plain sentence with the figures. */
  readonly reason: string;
  readonly checks: readonly GateCheck[];
  readonly power: GatePower;
  /** Present when the evidence counts trials. */
  readonly trials?: GateTrials;
}
