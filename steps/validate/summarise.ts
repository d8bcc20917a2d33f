import { op, table as columnTable } from 'arquero';
import { numbersOf, type Table } from '../../model/quality/index.ts';

/** One column of numbers at a glance. */
export interface ColumnSummary {
  readonly column: string;
  /** Values that are finite, and those that are not there. */
  readonly finite: number;
  readonly missing: number;
  readonly minimum: number;
  readonly median: number;
  readonly maximum: number;
}

/** The spread of every column of numbers that has a finite value. */
export function summarise(table: Table): ColumnSummary[] {
  return Object.keys(table.columns).flatMap((column) => {
    const values = numbersOf(table, column);
    const finite = values?.filter(Number.isFinite);
    if (values === undefined || finite === undefined || finite.length === 0) return [];
    const rolled = columnTable({ value: finite }).rollup({ minimum: op.min('value'), median: op.median('value'), maximum: op.max('value') }).object(0);
    const spread = rolled as Pick<ColumnSummary, 'minimum' | 'median' | 'maximum'>;
    return [{ column, finite: finite.length, missing: values.filter(Number.isNaN).length, ...spread }];
  });
}
