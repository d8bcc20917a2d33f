import { readFile, writeFile } from 'node:fs/promises';
import { bool, float64, int32, tableFromArrays, tableFromIPC, tableToIPC, Type, utf8, type DataType, type Table } from '@uwdata/flechette';
import type { Columns, ColumnType } from '../../dsl/contract/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { closest, listed } from '../../dsl/util/index.ts';

/**
 * A dataset artifact: a table in an Arrow IPC file, https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format.
 * Any language reads it in place, column by column. A missing number is NaN: the files hold no nulls.
 */
export interface Dataset {
  readonly rows: number;
  readonly names: readonly string[];
  /** A column of dates or strings. PW502 unless there is one of that name. */
  texts(name: string): readonly string[];
  /** A column of numbers or of booleans (0 and 1), in memory of its own. PW502 unless there is one of that name. */
  numbers(name: string): Float64Array;
}

/** Columns to write, by name. All have the same length. */
export type ColumnData = Readonly<Record<string, readonly string[] | readonly boolean[] | Float64Array | Int32Array>>;

const ARROW_TYPES: Readonly<Record<ColumnType, () => DataType>> = { date: utf8, string: utf8, float64, int32, boolean: bool };

/** How a column of each type shows in a file. Dates are texts: an ISO day means the same in every time zone. */
const TYPE_IDS: Readonly<Record<ColumnType, number>> = {
  date: Type.Utf8,
  string: Type.Utf8,
  float64: Type.Float,
  int32: Type.Int,
  boolean: Type.Bool,
};

/** Writes a dataset. The same columns in the same order give the same bytes. */
export async function writeDataset(path: string, columns: ColumnData): Promise<void> {
  const types = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, ARROW_TYPES[typeOf(values)]()]));
  const bytes = tableToIPC(tableFromArrays(columns as never, { types }), { format: 'file' });
  await writeFile(path, bytes!);
}

/**
 * Reads a dataset and checks that it has the wanted columns; more are welcome. PW502 when the file is not Arrow IPC, and
 * for each column that is missing, of another type, or has nulls.
 */
export async function readDataset(path: string, wanted: Columns = {}): Promise<Dataset> {
  const table = decode(path, await readFile(path));
  const names = table.schema.fields.map((field) => field.name);
  const demand = (name: string, type?: ColumnType): NonNullable<ReturnType<Table['getChild']>> => {
    const reason = whyUnusable(table, name, type);
    if (reason !== undefined) throw unusable(path, reason, names);
    return table.getChild(name)!;
  };
  for (const [name, type] of Object.entries(wanted)) demand(name, type);
  return {
    rows: table.numRows,
    names,
    texts: (name) => demand(name, 'string').toArray() as string[],
    numbers: (name) => Float64Array.from(demand(name).toArray() as ArrayLike<number>, Number),
  };
}

function typeOf(values: ColumnData[string]): ColumnType {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Int32Array) return 'int32';
  return typeof values[0] === 'boolean' ? 'boolean' : 'string';
}

function decode(path: string, bytes: Uint8Array): Table {
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw new PipewrightError(
      {
        code: 'PW502',
        message: `${path} is not a dataset: it cannot be read as an Arrow IPC file.`,
        fix: 'Give the step a dataset that another step wrote, or write one with any Arrow library (format "file", not compressed).',
      },
      { cause },
    );
  }
}

function whyUnusable(table: Table, name: string, wanted?: ColumnType): string | undefined {
  const field = table.schema.fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    const meant = closest(name, table.schema.fields.map((candidate) => candidate.name));
    return `has no column "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  }
  const { typeId } = field.type;
  if (wanted !== undefined && typeId !== TYPE_IDS[wanted]) return `has a column "${name}" whose values are not of type ${wanted}`;
  const nulls = table.getChild(name)!.nullCount;
  return nulls === 0 ? undefined : `has nulls in the column "${name}" (${nulls} of ${table.numRows} rows), where a missing number would be NaN`;
}

function unusable(path: string, reason: string, names: readonly string[]): PipewrightError {
  return new PipewrightError({
    code: 'PW502',
    message: `The dataset ${path} ${reason}.`,
    fix: `Its columns are ${listed(names)}: give the step the output it was made for.`,
  });
}
