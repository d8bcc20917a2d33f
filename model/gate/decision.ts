/**
 * One thing that was looked at.
 * - `hard`: must hold for any promotion.
 * - `non-inferior`: not worse by more than a margin; must hold for promotion.
 * - `superior`: measurably better; not needed for promotion, but measurably worse (`false`) stops it.
 */
export interface GateCheck {
  readonly name: string;
  readonly kind: 'hard' | 'non-inferior' | 'superior';
  /** What the candidate was compared with; absent for hard checks. */
  readonly against?: 'baseline' | 'production';
  /** `unknown`: the data cannot tell. */
  readonly passed: boolean | 'unknown';
  /** One sentence with the figures. */
  readonly detail: string;
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
}
