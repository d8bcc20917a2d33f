import { BAR_COLUMNS, type BarColumn, type Bars } from '../bars.ts';

/** What a column can hold. `date` is a text, `YYYY-MM-DD`; a boolean is 0 or 1; a missing number is NaN. */
export type Column =
  | { readonly type: 'date' | 'string'; readonly values: readonly string[] }
  | { readonly type: 'float64' | 'int32' | 'boolean'; readonly values: Float64Array }
  /** Something that cannot be checked, such as a nested type. */
  | { readonly type: 'other' };

/** A dataset of one symbol: bars and whatever stands beside them. All columns have as many values as there are rows. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}

export function tableOf(bars: Bars): Table {
  const numbers = BAR_COLUMNS.map((column) => [column, { type: 'float64', values: bars[column] }] as const);
  return { rows: bars.date.length, columns: { date: { type: 'date', values: bars.date }, ...Object.fromEntries(numbers) } };
}

/** The bars in a table. Throws RangeError when a column of them is missing or has another type. */
export function barsOf(table: Table): Bars {
  const numbers = BAR_COLUMNS.map((column) => [column, demandNumbers(table, column)] as const);
  return { date: demandTexts(table, 'date'), ...(Object.fromEntries(numbers) as Record<BarColumn, Float64Array>) };
}

/** Numbers of a column, or undefined when there is none of that name that has numbers. */
export function numbersOf(table: Table, name: string): Float64Array | undefined {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name]! : undefined;
  return column !== undefined && 'values' in column && column.values instanceof Float64Array ? column.values : undefined;
}

/** Texts of a column, or undefined when there is none of that name that has texts. */
export function textsOf(table: Table, name: string): readonly string[] | undefined {
  const column = Object.hasOwn(table.columns, name) ? table.columns[name]! : undefined;
  return column !== undefined && 'values' in column && !(column.values instanceof Float64Array) ? column.values : undefined;
}

/** Numbers of a column. Throws RangeError when there are none. */
export function demandNumbers(table: Table, name: string): Float64Array {
  return numbersOf(table, name) ?? refuse(table, name, 'numbers');
}

/** Texts of a column. Throws RangeError when there are none. */
export function demandTexts(table: Table, name: string): readonly string[] {
  return textsOf(table, name) ?? refuse(table, name, 'texts');
}

/** The table with these row numbers, in this order. */
export function takeTableRows(table: Table, rows: readonly number[]): Table {
  const columns = Object.entries(table.columns).map(([name, column]): readonly [string, Column] => {
    if (column.type === 'other') return [name, column];
    if (column.values instanceof Float64Array) {
      const { values } = column;
      return [name, { ...column, values: Float64Array.from(rows, (row) => values[row]!) } as Column];
    }
    const { values } = column;
    return [name, { ...column, values: rows.map((row) => values[row]!) } as Column];
  });
  return { rows: rows.length, columns: Object.fromEntries(columns) };
}

/** A cell as JSON carries it: a number that JSON does not know is a text. Undefined for a column that cannot be read. */
export function cellOf(column: Column, row: number): string | number | boolean | undefined {
  if (column.type === 'other') return undefined;
  const value = column.values[row]!;
  if (typeof value === 'string') return value;
  if (column.type === 'boolean') return value === 1;
  return Number.isFinite(value) ? value : String(value);
}

function refuse(table: Table, name: string, wanted: string): never {
  const found = Object.hasOwn(table.columns, name) ? `its type is ${table.columns[name]!.type}` : `there are ${Object.keys(table.columns).join(', ')}`;
  throw new RangeError(`The data needs a column "${name}" of ${wanted}; ${found}.`);
}
