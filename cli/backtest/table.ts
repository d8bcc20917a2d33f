import { findSplitLeak, SPLIT_GUARD } from '../../model/guards/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { matrixOfColumns, type Matrix } from '../../model/matrix.ts';
import { countRows, type RowRange } from '../../model/splits/index.ts';
import type { Dataset } from '../../steps/runtime/dataset.ts';

/** A feature table as a backtest sees it: oldest row first, and not yet divided into parts. */
export interface BacktestTable {
  readonly dates: readonly string[];
  /** 1 where the close rises over the horizon, else 0; NaN where it is not known yet. */
  readonly labels: Float64Array;
  /** Simple return over the horizon, whose sign is the label. */
  readonly forwardReturns: Float64Array;
  /** Simple return to the next close. */
  readonly nextReturns: Float64Array;
  readonly close: Float64Array;
  /** Features as they are, rows × names. */
  readonly features: Matrix;
  readonly horizonDays: number;
}

/** What `featurize` wrote. PW502 for a column that is missing, and for days that do not rise. */
export function tableOf(dataset: Dataset, names: readonly string[], horizonDays: number): BacktestTable {
  const dates = dataset.texts('date');
  const leak = findSplitLeak(dates.map(() => 'none'), dates, horizonDays);
  if (leak !== undefined) throw new PipewrightError({ code: 'PW502', message: `The ${SPLIT_GUARD} refuses the feature table: ${leak}.`, fix: 'Give the output "table" of featurize as it is.' });
  return {
    dates,
    labels: dataset.numbers('label'),
    forwardReturns: dataset.numbers('forward_return'),
    nextReturns: dataset.numbers('next_return'),
    close: dataset.numbers('close'),
    features: matrixOfColumns(names, names.map((name) => dataset.numbers(name))),
    horizonDays,
  };
}

/** The rows of some ranges, one range after the other, in memory of their own. */
export function takeRows({ names, values }: Matrix, ranges: readonly RowRange[]): Matrix {
  const taken = new Float64Array(countRows(ranges) * names.length);
  let at = 0;
  for (const { from, to } of ranges) {
    taken.set(values.subarray(from * names.length, to * names.length), at);
    at += (to - from) * names.length;
  }
  return { names, rows: countRows(ranges), values: taken };
}

/** The same of one column. */
export function takeValues(values: Float64Array, ranges: readonly RowRange[]): Float64Array {
  return takeRows({ names: [''], rows: values.length, values }, ranges).values;
}
