import type { Slice } from '../metrics/slices.ts';
import type { GateQuestion } from './questions.ts';

/** A model's forecasts for the judged days, and where its knowledge ends. */
export interface Forecasts {
  /** Probability of up, one per judged day. */
  readonly probabilities: ArrayLike<number>;
  /** Last day (`YYYY-MM-DD`) whose close the model has seen: in features or labels, in training or in tuning. */
  readonly trainedUntil: string;
}

/** What a check outside this room found: data validation, golden predictions, latency. A failed one stops promotion. */
export interface OutsideCheck {
  readonly name: string;
  readonly passed: boolean | 'unknown';
  readonly detail: string;
  /** Which of the seven questions it answers; without it `reviewOf` does not count it. */
  readonly answers?: GateQuestion;
}

/** How often the dice were rolled before this judgement. */
export interface Trials {
  /** Models tried so far for this question, this one included: the tracked runs. */
  readonly triedModels: number;
  /** Earlier judgements, of whatever model, on days that overlap these. Each is one more chance to pass by luck. */
  readonly earlierJudgements: number;
  /** Profits of the candidate's strategy, one per judged day, after costs. Without them no score is deflated. */
  readonly dailyProfits?: ArrayLike<number>;
}

/** Everything the gate looks at. All arrays have one entry per judged day, oldest first. */
export interface GateEvidence {
  /** Judged days, `YYYY-MM-DD`, rising. */
  readonly dates: readonly string[];
  /** What happened: 1 up, 0 not up. */
  readonly labels: ArrayLike<number>;
  /** Days from a judged day to the close that decides its label. */
  readonly horizonDays: number;
  readonly candidate: Forecasts;
  /** The model in production. Absent when nothing is served yet: the candidate is then the first model. */
  readonly champion?: Forecasts;
  /** What a forecaster without a model would say on each judged day, from all that was known before it was decided on. */
  readonly baselines: {
    /** Share of up days until then, one probability per judged day. */
    readonly baseRate: ArrayLike<number>;
    /** The more frequent direction until then, one class (0 or 1) per judged day. */
    readonly majority: ArrayLike<number>;
  };
  readonly outsideChecks?: readonly OutsideCheck[];
  /** Regimes in which the candidate must not collapse. */
  readonly slices?: readonly Slice[];
  readonly trials?: Trials;
  readonly settings?: Partial<GateSettings>;
}

/**
 * What a model must show while nothing is in production.
 * - `superior`: a lower log-loss than the base-rate forecast's, at the stated level. Of models without skill no more
 *   than that share is promoted.
 * - `non-inferior`: no worse by more than the margin. About half of the models without skill pass, for
 *   they have learnt to say the base rate; it is for those who need something to serve, and the reason says what was not shown.
 */
export const FIRST_MODEL_POLICIES = ['superior', 'non-inferior'] as const;
export type FirstModelPolicy = (typeof FIRST_MODEL_POLICIES)[number];

export interface GateSettings {
  readonly firstModel: FirstModelPolicy;
  /** Probability of a false alarm of every one-sided test; bounds have the confidence 1 − level. */
  readonly level: number;
  /** Power that statements about "more days" are made for. */
  readonly power: number;
  /** How much worse than the base-rate forecast a model may be, in nats of log-loss a day. */
  readonly baselineMargin: number;
  /** How much worse than the model in production a new one may be, in nats of log-loss a day. */
  readonly championMargin: number;
  /** Fewer judged days than this decide nothing. */
  readonly minimumDays: number;
  /** Nor do fewer label horizons than this, side by side, within the judged days. */
  readonly minimumHorizons: number;
  /** A model that predicts one of the two directions on a smaller share of days has a one-class output. */
  readonly minimumClassShare: number;
  /** A slice has collapsed when it is measurably worse, and by more than this, in nats of log-loss a day. */
  readonly sliceMargin: number;
  /** Slices of fewer days are not judged. */
  readonly minimumSliceDays: number;
  /** Whether a question of `reviewOf` that nobody answered keeps a candidate from promotion. */
  readonly demandEveryAnswer: boolean;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * The stated policy, as numbers.
 *
 * One-sided tests at 5 % and a power of 80 % are the convention. A forecast that is wrong by δ about a probability near
 * one half costs 2 δ² nats a day: the margin of 0.01 is the cost of being off by 7 percentage points every day, the
 * margin of 0.005 of being off by 5. 250 days are one trading year; with 60 the bootstrap bounds, simulated on log-loss
 * differences, miss the truth in 6 to 10 % of cases instead of 5, with 250 in 5 to 6 %. (For labels over several days,
 * which overlap, still in 7 to 9 %.) Of labels over h days h share closes, so 40 horizons must stand side by side as well: a
 * slow forecast that knows nothing of a random walk is called better at a stated 5 % in 9.2 % of 600 simulations at 12
 * horizons of 20 days, in 6.8 % at 20, in 4.3 % at 40, in 3.3 % at 60.
 *
 * A slice of 60 days has a standard error of about 0.01 to 0.02 nats a day, so its margin is wider: 0.02 is the cost of
 * being off by 10 percentage points on every day of it.
 *
 * A first model must be shown to beat the base rate: docs/decisions/0012.
 */
export const defaultGateSettings: GateSettings = Object.freeze({
  firstModel: 'superior',
  level: 0.05,
  power: 0.8,
  baselineMargin: 0.01,
  championMargin: 0.005,
  minimumDays: 250,
  minimumHorizons: 40,
  minimumClassShare: 0.01,
  sliceMargin: 0.02,
  minimumSliceDays: 60,
  demandEveryAnswer: false,
  resamples: 2_000,
  seed: 1,
});
