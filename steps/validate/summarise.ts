import { op, table } from 'arquero';
import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';

/** One column at a glance. */
export interface ColumnSummary {
  readonly column: BarColumn;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** The spread of every column of complete bars; there is at least one. */
export function summarise(bars: Bars): ColumnSummary[] {
  const columns = table({ ...bars });
  return BAR_COLUMNS.map((column) => {
    const rolled = columns.rollup({ minimum: op.min(column), median: op.median(column), maximum: op.max(column) }).object(0);
    return { column, ...(rolled as Omit<ColumnSummary, 'column'>) };
  });
}
