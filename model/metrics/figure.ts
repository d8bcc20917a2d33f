import type { Interval } from '../statistics/wilson.ts';

/** A figure with how sure it is. Plain JSON. */
export interface MeasuredFigure {
  readonly kind: 'measured';
  readonly value: number;
  /** Two-sided, with the confidence that was asked for; null when it has none, and `note` says why. */
  readonly interval: Interval | null;
  /** Null without an interval. */
  readonly standardError: number | null;
  readonly note?: string;
}

/** A figure that does not exist for these days: not 0, not chance, but nothing. Plain JSON. */
export interface UndefinedFigure {
  readonly kind: 'undefined';
  /** A clause that says why, such as "only up days happened". */
  readonly reason: string;
}

export type Figure = MeasuredFigure | UndefinedFigure;

export function undefinedFigure(reason: string): UndefinedFigure {
  return { kind: 'undefined', reason };
}
