import { sliceBars, type Bars } from '../bars.ts';
import type { Matrix } from '../matrix.ts';
import { createRandom, type Random } from '../random.ts';

/** Bars, and when each could be known. */
export interface KnownBars {
  readonly bars: Bars;
  /** Of every bar, in milliseconds since 1970; undefined where a bar counts as known at its close. */
  readonly times: { readonly eventTime: Float64Array; readonly knownFrom: Float64Array } | undefined;
}

/** What is known at each of some decisions, in the order of time. */
export interface DecidedRows {
  /** Row of the bars on whose session is decided. */
  readonly session: Int32Array;
  /** One row per decision. */
  readonly matrix: Matrix;
  /** Instants of the decisions; undefined where the bars have no times. */
  readonly decisionTime: Float64Array | undefined;
}

/** From bars, and those of a second series, to what is known at each decision. */
export type DecisionFunction = (prices: KnownBars, extra: KnownBars | undefined) => DecidedRows;

export interface LookAhead {
  /** Of the feature. */
  readonly column: string;
  /** The session on which the feature knew what could not be known yet. */
  readonly day: string;
  /** A clause that says how it showed. */
  readonly how: string;
}

export const LOOK_AHEAD_GUARD = 'look-ahead guard';

/** Decisions that are looked at: the first, the last, and some between. */
const LOOKS = 4;

/**
 * The look-ahead guard: a row of features must not change when what could not be known at its decision does not exist
 * yet, nor when it is something else. For each of `looks` (indices of decisions; a few spread over all unless given) all
 * bars of later sessions are cut off once, and once they get other numbers; whatever else was not available at the
 * decision, in the second series too, gets other numbers both times. The row must come out to the bit. Whatever a feature
 * or a join does with the future shows: the close that is forecast, a centred window, a mean of the whole series, a value
 * that was filled in later.
 *
 * Gives the first feature that looks ahead, or undefined. Throws what `decide` throws.
 */
export function findLookAhead(decide: DecisionFunction, prices: KnownBars, extra?: KnownBars, looks?: readonly number[]): LookAhead | undefined {
  const whole = decide(prices, extra);
  const { session, decisionTime, matrix: { names } } = whole;
  for (const at of looks ?? picks(session.length)) {
    const row = session[at]!;
    const now = decisionTime?.[at] ?? Infinity;
    const random = createRandom(row);
    const alter = (series: KnownBars, after = Infinity): KnownBars => alterUnknown(series, now, after, random);
    const others = [
      { known: alter(upTo(prices, row + 1)), what: 'is taken away' },
      { known: alter(prices, row), what: 'is something else' },
    ];
    for (const { known, what } of others) {
      const again = rowOfSession(decide(known, extra && alter(extra)), row);
      const odd = names.findIndex((_, column) => !Object.is(again?.[column], whole.matrix.values[at * names.length + column]));
      if (odd < 0) continue;
      const how = `it is ${whole.matrix.values[at * names.length + odd]}, and ${again === undefined ? 'cannot be computed' : again[odd]} when what was not available at its decision ${what}`;
      return { column: names[odd]!, day: prices.bars.date[row]!, how };
    }
  }
  return undefined;
}

function picks(count: number): readonly number[] {
  return [...new Set(Array.from({ length: LOOKS }, (_, look) => Math.round(((count - 1) * look) / (LOOKS - 1))))].filter((at) => at >= 0 && at < count);
}

function rowOfSession({ session, matrix: { names, values } }: DecidedRows, row: number): Float64Array | undefined {
  const at = session.indexOf(row);
  return at < 0 ? undefined : values.subarray(at * names.length, (at + 1) * names.length);
}

/** The bars before a row. */
function upTo({ bars, times }: KnownBars, to: number): KnownBars {
  return { bars: sliceBars(bars, 0, to), times: times && { eventTime: times.eventTime.slice(0, to), knownFrom: times.knownFrom.slice(0, to) } };
}

/** Other numbers in the bars after a row and in those that were not known yet. They stay where they are: only whoever looks at them is told wrong. */
function alterUnknown({ bars, times }: KnownBars, now: number, after: number, random: Random): KnownBars {
  const isUnknown = (row: number): boolean => row > after || (times !== undefined && times.knownFrom[row]! > now);
  const altered = (column: Float64Array): Float64Array => column.map((value, row) => (isUnknown(row) ? value * (0.5 + random.uniform()) : value));
  return { times, bars: { date: bars.date, open: altered(bars.open), high: altered(bars.high), low: altered(bars.low), close: altered(bars.close), volume: altered(bars.volume) } };
}
