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
  /** What a forecaster without a model would say, from the candidate's training rows alone. */
  readonly baselines: {
    /** Share of up days: the same probability every day. */
    readonly baseRate: number;
    /** The more frequent direction, one class (0 or 1) per judged day. */
    readonly majority: ArrayLike<number>;
  };
  readonly outsideChecks?: readonly OutsideCheck[];
  readonly settings?: Partial<GateSettings>;
}

export interface GateSettings {
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
  /** A model that predicts one of the two directions on a smaller share of days has a one-class output. */
  readonly minimumClassShare: number;
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
 * which overlap, still in 7 to 9 %.)
 */
export const defaultGateSettings: GateSettings = Object.freeze({
  level: 0.05,
  power: 0.8,
  baselineMargin: 0.01,
  championMargin: 0.005,
  minimumDays: 250,
  minimumClassShare: 0.01,
  resamples: 2_000,
  seed: 1,
});
