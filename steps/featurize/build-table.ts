import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Bars } from '../../model/bars.ts';
import { requiredBars, type computeFeatures, type FeatureSet } from '../../model/features/index.ts';
import { findLookAhead, type LookAhead } from '../../model/guards/index.ts';
import { direction, forwardReturn } from '../../model/labels/index.ts';
import { columnOf } from '../../model/matrix.ts';
import { deriveGuards, splitByTime, type Guards, type RowRange, type TimeSplit } from '../../model/splits/index.ts';
import { chooseRows, type ChosenRows, type DecisionOptions } from './choose-rows.ts';
import type { Prices } from './read-prices.ts';

export interface TableOptions extends DecisionOptions {
  readonly horizonDays: number;
  readonly trainShare: number;
  readonly validationShare: number;
}

export interface FeatureTable {
  /** Columns by name, all of one length. */
  readonly columns: Readonly<Record<string, readonly string[] | Float64Array>>;
  /** Rows of each part, counted in the columns. */
  readonly split: TimeSplit;
  /** Rows that are left out around judged rows, from the horizon and the longest window. */
  readonly guards: Guards;
  readonly chosen: ChosenRows;
}

/**
 * The table that models learn from and are judged on: one row per session with the features that were available when it
 * was decided on. Sessions without complete features are left out; rows without a label stay, because tomorrow's question
 * is asked of the last one.
 *
 * Row t knows bars 0 … t at most, but for `label`, `forward_return` and `next_return`, which are the answers: they are
 * counted in bars from the row's own session, whatever rows the table has. Which part a row belongs to depends on the
 * number of rows alone. `compute` as of {@link chooseRows}.
 *
 * Throws RangeError for bars and options that make no sense, and when there are too few bars. No table is made without
 * asking the look-ahead guard: PW508 for a feature that knows what could not be known, which only a feature function or a
 * join can be to blame for.
 */
export function buildTable(prices: Prices, extra: Prices | undefined, set: FeatureSet, options: TableOptions, compute?: typeof computeFeatures): FeatureTable {
  const { bars, times } = prices;
  const { horizonDays, trainShare, validationShare } = options;
  const chosen = chooseRows(prices, extra, set, options, compute);
  refuseLateDecisions(bars, chosen, options);
  const leak = findLookAhead((known, knownExtra) => chooseRows(known, knownExtra, set, options, compute), prices, extra);
  if (leak !== undefined) throw knowsFuture(leak);
  const { session, own, matrix, decisionTime } = chosen;
  const guards = deriveGuards(horizonDays, requiredBars(set));
  const split = splitByTime({ rows: session.length, horizonDays, trainShare, validationShare, purgeDays: guards.purgeDays });
  const part = new Array<string>(session.length).fill('none');
  for (const [name, { from, to }] of Object.entries(split) as [string, RowRange][]) part.fill(name, from, to);
  const ofSession = (column: Float64Array): Float64Array => Float64Array.from(session, (row) => column[row]!);
  return {
    split,
    guards,
    chosen,
    columns: {
      date: Array.from(session, (row) => bars.date[row]!),
      ...(times && decisionTime ? { decisionTime: instants(decisionTime), availableAt: instants(Float64Array.from(own, (row) => times.knownFrom[row]!)) } : {}),
      part,
      label: ofSession(direction(bars.close, horizonDays)),
      forward_return: ofSession(forwardReturn(bars.close, horizonDays)),
      next_return: ofSession(forwardReturn(bars.close, 1)),
      close: Float64Array.from(own, (row) => bars.close[row]!),
      ...Object.fromEntries(matrix.names.map((name) => [name, columnOf(matrix, name)])),
    },
  };
}

/** Throws RangeError when a decision comes so late that the bar of the next session, with which its label begins, was there. */
function refuseLateDecisions({ date }: Bars, { session, own }: ChosenRows, { decisionMinutes }: TableOptions): void {
  const at = session.findIndex((row, decision) => own[decision]! > row);
  if (at >= 0) throw new RangeError(`The decision on ${date[session[at]!]} is made ${decisionMinutes} minutes after its close, when the bar of ${date[own[at]!]} is there already.`);
}

function knowsFuture({ column, day, how }: LookAhead): PipewrightError {
  return new PipewrightError({
    code: 'PW508',
    message: `The feature ${column} of ${day} knows the future: ${how}.`,
    fix: 'Correct its function in model/features: row t may depend on bars 0 to t only.',
  });
}

function instants(times: Float64Array): string[] {
  return Array.from(times, instantText);
}

/** `2020-01-02T21:00:00Z`, as ingest writes it. */
export function instantText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
