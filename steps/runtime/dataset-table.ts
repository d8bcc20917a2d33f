import { readFile } from 'node:fs/promises';
import { tableFromIPC, Type, type DataType } from '@uwdata/flechette';
import type { ColumnType } from '../../dsl/contract/index.ts';
import type { Column, Table } from '../../model/quality/index.ts';
import { readDataset, writeDataset, type ColumnData } from '../runtime/dataset.ts';

/** Reads a dataset with all its columns, whatever they are; the rules say whether they should be. PW502 when it is no Arrow IPC file or holds nulls. */
export async function readTable(path: string): Promise<Table> {
  const dataset = await readDataset(path);
  const { fields } = tableFromIPC(await readFile(path)).schema;
  const columns = fields.map(({ name, type }): readonly [string, Column] => {
    const known = nameOf(type);
    if (known === undefined) return [name, { type: 'other' }];
    if (known === 'string' || known === 'date') return [name, { type: known, values: dataset.texts(name) }];
    return [name, { type: known, values: dataset.numbers(name) }];
  });
  return { rows: dataset.rows, columns: Object.fromEntries(columns) };
}

/** Writes a table as a dataset, each column with the type it came with. Columns of other types cannot be written; returns their names. */
export async function writeTable(path: string, table: Table): Promise<readonly string[]> {
  const entries = Object.entries(table.columns);
  const data = entries.flatMap(([name, column]) => (column.type === 'other' ? [] : [[name, dataOf(column)] as const]));
  await writeDataset(path, Object.fromEntries(data));
  return entries.flatMap(([name, { type }]) => (type === 'other' ? [name] : []));
}

function dataOf(column: Exclude<Column, { readonly type: 'other' }>): ColumnData[string] {
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
