import type { Bars } from '../../model/bars.ts';

/**
 * What a broken rule leads to. `stop`: the data is not fit for use. `quarantine`: these rows are set aside, the others go
 * on. `warn`: it is written down.
 */
export type Severity = 'stop' | 'quarantine' | 'warn';

/** One thing that a rule found. */
export interface Finding {
  /** The row it is about, counted in the bars that the rule was given; null when it is about the whole. */
  readonly row: number | null;
  /** What is wrong with the actual values, completing the sentence "the row …" or "the data …". */
  readonly reason: string;
}

/** What is still tolerated. */
export interface Limits {
  /** Share of rows that may be set aside, 0 to 1. */
  readonly maximumQuarantinedShare: number;
  /** Sessions in a row that may be missing without a word. */
  readonly toleratedGap: number;
  /** Sessions in a row that may be missing at all. */
  readonly maximumGap: number;
  /** Change of the close from one bar to the next, as a share, above which it is called a jump. */
  readonly maximumReturn: number;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What the rule demands, as a sentence. */
  readonly demand: string;
  /** Looks at bars that passed the rules before this one. */
  readonly check: (bars: Bars, limits: Limits) => readonly Finding[];
}
