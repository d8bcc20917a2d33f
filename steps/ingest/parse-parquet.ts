import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { BAR_COLUMNS, isCalendarDay, type Bars } from '../../model/bars.ts';
import { adjustBars } from './bars.ts';
import { findColumns } from './header.ts';

const DAY = /^(\d{4}-\d{2}-\d{2})([T ].*)?$/;

/**
 * Reads bars from a Parquet file, in the order of its rows. Columns are found as in a CSV file. A day may be a date, a timestamp at midnight
 * UTC, or a text that begins with an ISO day; a null number becomes NaN. PW502 for what is none of it.
 */
export async function parseParquet(name: string, bytes: Uint8Array, { adjusted = false }: { readonly adjusted?: boolean } = {}): Promise<Bars> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const parquet = await attempt(name, async () => parquetMetadata(file));
  const names = parquetSchema(parquet).children.map(({ element }) => element.name);
  const { columns, adjustedClose } = findColumns(name, names);
  if (adjusted && adjustedClose === undefined) throw refuse(`${name} has no column with adjusted closes`, 'Name it "adjclose"; or set the parameter adjusted to false.');
  const wanted = [...Object.values(columns), ...(adjusted ? [adjustedClose!] : [])].map((at) => names[at]!);
  const rows: readonly Readonly<Record<string, unknown>>[] = await attempt(name, () => parquetReadObjects({ file, metadata: parquet, columns: wanted, compressors }));
  if (rows.length === 0) throw refuse(`${name} has no rows`, 'Give a file with one bar a row.');
  const numbers = (at: number): Float64Array => Float64Array.from(rows, (row, index) => numberOf(name, index, names[at]!, row[names[at]!]));
  const bars = {
    date: rows.map((row, index) => dayOf(name, index, row[names[columns.date]!])),
    ...(Object.fromEntries(BAR_COLUMNS.map((column) => [column, numbers(columns[column])])) as Omit<Bars, 'date'>),
  };
  return adjusted ? adjustBars(bars, numbers(adjustedClose!)) : bars;
}

async function attempt<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw refuse(`${name} begins as a Parquet file and cannot be read as one: ${(cause as Error).message}`, 'It is damaged, cut off or encrypted: fetch it again, or write it anew.', cause);
  }
}

function dayOf(name: string, row: number, value: unknown): string {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : String(value);
  const day = DAY.exec(text)?.[1] ?? '';
  const isMidnight = !(value instanceof Date) || text.endsWith('T00:00:00.000Z');
  if (isCalendarDay(day) && isMidnight) return day;
  const why = isMidnight ? 'which is not a day' : 'which is an instant of a day, not a day: in which zone is not said';
  throw refuse(`${name} has the date ${JSON.stringify(text.slice(0, 40))} in row ${row + 1}, ${why}`, 'Write the days as dates, or as texts like 2020-01-02.');
}

function numberOf(name: string, row: number, column: string, value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Math.abs(number) !== Infinity) return number;
  throw refuse(`${name} has ${JSON.stringify(String(value).slice(0, 40))} as the ${column} of row ${row + 1}, which is not a number`, 'Write the column as numbers; one that is not known is null.');
}

function refuse(sentence: string, fix: string, cause?: unknown): PipewrightError {
  return new PipewrightError({ code: 'PW502', message: `${sentence}.`, fix }, { cause });
}
