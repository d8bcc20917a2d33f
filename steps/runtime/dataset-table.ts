import { readFile } from 'node:fs/promises';
import { tableFromIPC, Type, type DataType } from '@uwdata/flechette';
import type { ColumnType } from '../../dsl/contract/index.ts';
import { readDataset, writeDataset, type ColumnData } from './dataset.ts';

/** A column with its type. `date` is a text, `YYYY-MM-DD`; a boolean is 0 or 1; a missing number is NaN. */
export type DatasetColumn =
  | { readonly type: 'date' | 'string'; readonly values: readonly string[] }
  | { readonly type: 'float64' | 'int32' | 'boolean'; readonly values: Float64Array }
  /** Something that no dataset of ours holds, such as a nested type. */
  | { readonly type: 'other' };

/** A dataset as a whole: the table that model/quality checks. */
export interface DatasetTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, DatasetColumn>>;
}

/** Reads a dataset with all its columns, whatever they are; the rules say whether they should be. PW502 when it is no Arrow IPC file or holds nulls. */
export async function readTable(path: string): Promise<DatasetTable> {
  const dataset = await readDataset(path);
  const { fields } = tableFromIPC(await readFile(path)).schema;
  const columns = fields.map(({ name, type }): readonly [string, DatasetColumn] => {
    const known = nameOf(type);
    if (known === undefined) return [name, { type: 'other' }];
    if (known === 'string' || known === 'date') return [name, { type: known, values: dataset.texts(name) }];
    return [name, { type: known, values: dataset.numbers(name) }];
  });
  return { rows: dataset.rows, columns: Object.fromEntries(columns) };
}

/** Writes a table as a dataset, each column with the type it came with. Columns of other types cannot be written; returns their names. */
export async function writeTable(path: string, table: DatasetTable): Promise<readonly string[]> {
  const entries = Object.entries(table.columns);
  const data = entries.flatMap(([name, column]) => (column.type === 'other' ? [] : [[name, dataOf(column)] as const]));
  await writeDataset(path, Object.fromEntries(data));
  return entries.flatMap(([name, { type }]) => (type === 'other' ? [name] : []));
}

function dataOf(column: Exclude<DatasetColumn, { readonly type: 'other' }>): ColumnData[string] {
  switch (column.type) {
    case 'int32':
      return Int32Array.from(column.values);
    case 'boolean':
      return Array.from(column.values, (value) => value === 1);
    default:
      return column.values;
  }
}

function nameOf(type: DataType): ColumnType | undefined {
  switch (type.typeId) {
    case Type.Utf8:
      return 'string';
    case Type.Float:
      return 'float64';
    case Type.Int:
      return type.bitWidth === 32 ? 'int32' : undefined;
    case Type.Bool:
      return 'boolean';
    default:
      return undefined;
  }
}
