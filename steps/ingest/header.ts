import { fromCSV } from 'arquero';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listed } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, type BarColumn } from '../../model/bars.ts';

/** The first line of a CSV file, understood. */
export interface Header {
  readonly delimiter: string;
  /** All columns, as they are called in the file. */
  readonly names: readonly string[];
  /** Where the wanted columns are. */
  readonly columns: Readonly<Record<'date' | BarColumn, number>>;
  /** Where the close adjusted for dividends and splits is, if the file has one. */
  readonly adjustedClose?: number;
}

const DELIMITERS = [',', ';', '\t'] as const;
/** What exports call the close with dividends and splits worked in. */
const ADJUSTED_NAMES = ['adjclose', 'adj close', 'adj_close', 'adj. close', 'adjusted close', 'adjusted_close', 'adjustedclose'];
/** What exports call the day. */
const DATE_NAMES = ['date', 'day', 'datetime', 'timestamp', 'time'] as const;

/**
 * Finds the columns of bars by name, in any order and in any case; the delimiter is the one that the line has most of. PW502
 * when a column is missing or there twice.
 */
export function readHeader(name: string, line: string): Header {
  const count = (delimiter: string): number => line.split(delimiter).length;
  const delimiter = DELIMITERS.reduce((best, other) => (count(other) > count(best) ? other : best));
  const table = fromCSV(line, { delimiter, header: false, autoType: false });
  const names = table.columnNames().map((column) => String(table.get(column, 0) ?? '').trim());
  return { delimiter, names, ...findColumns(name, names, line) };
}

/** Finds the columns of bars by name, in any order and in any case. `line` is what is shown of a file that has no names. */
export function findColumns(name: string, names: readonly string[], line = ''): Omit<Header, 'delimiter' | 'names'> {
  const plain = names.map((column) => column.toLowerCase());
  const find = (wanted: readonly string[]): number => plain.findIndex((column) => wanted.includes(column));
  const columns = Object.fromEntries([['date', find(DATE_NAMES)], ...BAR_COLUMNS.map((column) => [column, find([column])])]) as Header['columns'];

  const missing = Object.keys(columns).filter((column) => columns[column as BarColumn] < 0);
  const twice = ['date', ...BAR_COLUMNS].filter((column) => plain.indexOf(column) !== plain.lastIndexOf(column));
  const adjustedClose = find(ADJUSTED_NAMES);
  if (missing.length === 0 && twice.length === 0) return { columns, ...(adjustedClose < 0 ? {} : { adjustedClose }) };
  const isData = missing.length === 6 && /^"?\d{4}-\d{2}-\d{2}/.test(names[0] ?? '');
  throw new PipewrightError({
    code: 'PW502',
    message: isData
      ? `${name} has no header: its first line is ${JSON.stringify(line.slice(0, 60))}.`
      : missing.length > 0
        ? `${name} has no column ${listed(missing)}; its first line names ${listed(names.slice(0, 20).map((column) => JSON.stringify(column)))}.`
        : `${name} has the column ${listed(twice)} twice.`,
    fix: 'Name the columns in the first line: date, open, high, low, close and volume, in any order.',
  });
}
