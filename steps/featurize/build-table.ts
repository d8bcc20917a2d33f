import type { Bars } from '../../model/bars.ts';
import { computeFeatures, type FeatureSet } from '../../model/features/index.ts';
import { direction, forwardReturn } from '../../model/labels/index.ts';
import { columnOf } from '../../model/matrix.ts';
import { splitByTime, type RowRange, type TimeSplit } from '../../model/splits/index.ts';

export interface TableOptions {
  readonly horizonDays: number;
  readonly trainShare: number;
  readonly validationShare: number;
}

export interface FeatureTable {
  /** Columns by name, all of one length. */
  readonly columns: Readonly<Record<string, readonly string[] | Float64Array>>;
  /** Rows of each part, counted in the columns. */
  readonly split: TimeSplit;
}

/**
 * The table that models learn from and are judged on. Rows whose warm-up is not complete are left out; rows without a
 * label stay, because tomorrow's question is asked of the last one.
 *
 * Row t knows bars 0 … t, but for `label` and `next_return`, which are the answers. Which part a row belongs to depends on
 * the number of rows alone. Throws RangeError for bars and options that make no sense, and when there are too few bars.
 */
export function buildTable(bars: Bars, set: FeatureSet, options: TableOptions): FeatureTable {
  const { matrix, firstComplete } = computeFeatures(bars, set);
  const rows = bars.date.length - firstComplete;
  const split = splitByTime({ rows, ...options });
  const part = new Array<string>(rows).fill('none');
  for (const [name, { from, to }] of Object.entries(split) as [string, RowRange][]) part.fill(name, from, to);
  const complete = (column: Float64Array): Float64Array => column.slice(firstComplete);
  return {
    split,
    columns: {
      date: bars.date.slice(firstComplete),
      part,
      label: complete(direction(bars.close, options.horizonDays)),
      next_return: complete(forwardReturn(bars.close, 1)),
      close: complete(bars.close),
      ...Object.fromEntries(matrix.names.map((name) => [name, complete(columnOf(matrix, name))])),
    },
  };
}
