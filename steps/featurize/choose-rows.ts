import type { Bars } from '../../model/bars.ts';
import { computeFeatures, joinAsOf, type DatedRows, type FeatureSet } from '../../model/features/index.ts';
import type { DecidedRows, KnownBars } from '../../model/guards/index.ts';
import type { Matrix } from '../../model/matrix.ts';
import type { PriceTimes } from './read-prices.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface DecisionOptions {
  /** From the close of a session to the decision on it. */
  readonly decisionMinutes: number;
  /** Days from the event of a row to a decision that may still use it. */
  readonly maximumAgeDays: number;
}

/** What each decision knows. One entry per decision, in the order of time. */
export interface ChosenRows extends DecidedRows {
  /** Row of the bars whose session the decision is on; its label is asked for. */
  readonly session: Int32Array;
  /** Row of the bars that were available: the session itself, or an earlier one where its bar comes too late. */
  readonly own: Int32Array;
  /** Feature values, row by row, those of the joined series behind the own ones. */
  readonly matrix: Matrix;
  /** Sessions that were left out although their warm-up was over: nothing that was fresh enough could be known. */
  readonly withoutFeatures: number;
  /** Sessions whose own bar was not available yet. */
  readonly late: number;
}

/**
 * One decision per session, `decisionMinutes` after its close, each with the newest complete feature row that was
 * available then: an as-of join on when all of its bars were, of the joined series too. Bars without times count as
 * available at their close. `compute` stands in for the feature functions of this release where something else is tried.
 */
export function chooseRows({ bars, times }: KnownBars, extra: KnownBars | undefined, set: FeatureSet, { decisionMinutes, maximumAgeDays }: DecisionOptions, compute: typeof computeFeatures = computeFeatures): ChosenRows {
  const own = compute(bars, { features: set.features });
  const ownTimes = times ?? closesAsTimes(bars);
  const decisionTime = ownTimes.eventTime.map((close) => close + decisionMinutes * MINUTE_MS);
  const ownRow = joinAsOf({ time: decisionTime }, datedBy(ownTimes), maximumAgeDays * DAY_MS);
  if (extra && !times) throw new RangeError('The bars have no columns eventTime and availableAt, so nothing can be joined to them.');
  const joined = extra && set.joined && joinExtra(extra, set.joined, decisionTime, compute);

  const isComplete = (row: number): boolean => ownRow[row]! >= own.firstComplete && (joined === undefined || joined.row[row]! >= joined.firstComplete);
  const all = Int32Array.from(ownRow, (_, row) => row);
  const session = all.filter(isComplete);
  const names = [...own.matrix.names, ...(joined?.matrix.names ?? [])];
  const values = new Float64Array(session.length * names.length);
  session.forEach((row, at) => {
    values.set(rowOf(own.matrix, ownRow[row]!), at * names.length);
    if (joined) values.set(rowOf(joined.matrix, joined.row[row]!), at * names.length + own.matrix.names.length);
  });
  return {
    session,
    own: session.map((row) => ownRow[row]!),
    matrix: { names, rows: session.length, values },
    decisionTime: times && Float64Array.from(session, (row) => decisionTime[row]!),
    withoutFeatures: session.length === 0 ? 0 : all.length - session[0]! - session.length,
    late: session.reduce((count, row) => count + (ownRow[row]! < row ? 1 : 0), 0),
  };
}

/** Of a joined series, the row that each decision may use. */
function joinExtra({ bars, times }: KnownBars, { name, features, maximumAgeDays }: NonNullable<FeatureSet['joined']>, decisionTime: Float64Array, compute: typeof computeFeatures) {
  if (times === undefined) throw new RangeError(`The joined series "${name}" has no columns eventTime and availableAt, so nobody can say what was known of it when.`);
  const { matrix, firstComplete } = compute(bars, { features });
  const row = joinAsOf({ time: decisionTime }, datedBy(times), maximumAgeDays * DAY_MS);
  return { row, firstComplete, matrix: { ...matrix, names: matrix.names.map((column) => `${name}_${column}`) } };
}

function closesAsTimes({ date }: Bars): PriceTimes {
  const eventTime = Float64Array.from(date, (day) => Date.parse(day));
  return { eventTime, knownFrom: eventTime };
}

/** A feature row is available when all bars that it looks back on are. */
function datedBy({ eventTime, knownFrom }: PriceTimes): DatedRows {
  return { eventTime, availableAt: knownFrom };
}

function rowOf({ names, values }: Matrix, row: number): Float64Array {
  return values.subarray(row * names.length, (row + 1) * names.length);
}
