import { LINE } from './checks/structure.ts';
import { cellOf, demandTexts, type Column, type Table } from './table.ts';

/** The spread of a column of numbers. */
export interface ColumnStatistics {
  /** Values that are finite, and those that are not there. */
  readonly finite: number;
  readonly missing: number;
  /** Of the finite values; null where there are none. */
  readonly minimum: number | null;
  readonly mean: number | null;
  readonly maximum: number | null;
}

export interface CellChange {
  readonly day: string;
  readonly column: string;
  readonly before: string | number | boolean;
  readonly after: string | number | boolean;
  /** after / before − 1, where both are numbers and that is finite. */
  readonly share?: number;
}

export interface TableComparison {
  /** Columns that came, went or changed their type. */
  readonly schema: readonly { readonly column: string; readonly before: string | null; readonly after: string | null }[];
  /** Days of one table alone, and of both with other values; each in the order of its table. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly same: number;
  /** Every cell that differs, of columns that both have in one type. */
  readonly cells: readonly CellChange[];
  /** Columns of numbers that both have and whose statistics differ. */
  readonly statistics: readonly { readonly column: string; readonly before: ColumnStatistics; readonly after: ColumnStatistics }[];
}

/** Compares two tables row by row, found by their day; of several rows of one day the last counts. Throws RangeError for one without days. */
export function compareTables(before: Table, after: Table): TableComparison {
  const [old, now] = [rowsByDay(before), rowsByDay(after)];
  const names = [...new Set([...Object.keys(before.columns), ...Object.keys(after.columns)])].filter((name) => name !== LINE);
  const schema = names.flatMap((column) => {
    const [was, is] = [typeOf(before, column), typeOf(after, column)];
    return was === is ? [] : [{ column, before: was, after: is }];
  });
  const common = names.filter((column) => column !== 'date' && !schema.some((one) => one.column === column) && typeOf(before, column) !== 'other');
  const cells: CellChange[] = [];
  const changed: string[] = [];
  let same = 0;
  for (const [day, row] of now) {
    const previous = old.get(day);
    if (previous === undefined) continue;
    const found = common.flatMap((column) => changeOf(day, column, cellOf(before.columns[column]!, previous)!, cellOf(after.columns[column]!, row)!));
    if (found.length === 0) same++;
    else changed.push(day);
    cells.push(...found);
  }
  const statistics = common.flatMap((column) => {
    const [was, is] = [statisticsOf(before.columns[column]!), statisticsOf(after.columns[column]!)];
    return was === undefined || is === undefined || JSON.stringify(was) === JSON.stringify(is) ? [] : [{ column, before: was, after: is }];
  });
  return { schema, added: [...now.keys()].filter((day) => !old.has(day)), removed: [...old.keys()].filter((day) => !now.has(day)), changed, same, cells, statistics };
}

/** Undefined for a column that holds no numbers. */
export function statisticsOf(column: Column): ColumnStatistics | undefined {
  if (column.type !== 'float64' && column.type !== 'int32') return undefined;
  let [finite, missing, sum, minimum, maximum] = [0, 0, 0, Infinity, -Infinity];
  for (const value of column.values) {
    if (Number.isNaN(value)) missing++;
    if (!Number.isFinite(value)) continue;
    finite++;
    sum += value;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return finite === 0 ? { finite, missing, minimum: null, mean: null, maximum: null } : { finite, missing, minimum, mean: sum / finite, maximum };
}

function changeOf(day: string, column: string, before: CellChange['before'], after: CellChange['after']): readonly CellChange[] {
  if (before === after) return [];
  const share = typeof before === 'number' && typeof after === 'number' ? after / before - 1 : Number.NaN;
  return [{ day, column, before, after, ...(Number.isFinite(share) ? { share } : {}) }];
}

function typeOf({ columns }: Table, name: string): string | null {
  return Object.hasOwn(columns, name) ? columns[name]!.type : null;
}

function rowsByDay(table: Table): ReadonlyMap<string, number> {
  return new Map(demandTexts(table, 'date').map((day, row) => [day, row]));
}
