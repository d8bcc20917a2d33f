/**
 * Daily bars of one symbol, oldest first, column by column. All columns have the same length.
 * Prices are in the index's own points, volume in shares; dates are trading days, `YYYY-MM-DD`.
 */
export interface Bars {
  readonly date: readonly string[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export const BAR_COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
export type BarColumn = (typeof BAR_COLUMNS)[number];

/** One daily bar. */
export interface Bar extends Readonly<Record<BarColumn, number>> {
  readonly date: string;
}

/** The bar of a row. */
export function barAt(bars: Bars, row: number): Bar {
  const { date, open, high, low, close, volume } = bars;
  return { date: date[row]!, open: open[row]!, high: high[row]!, low: low[row]!, close: close[row]!, volume: volume[row]! };
}

/** {@link checkBars} for one more bar: `before` is the date of the one before it, empty for none. */
export function checkBar(bar: Bar, before: string): void {
  const { date } = bar;
  if (!isCalendarDay(date)) throw new RangeError(`The date of a bar is ${JSON.stringify(date)}, which is not a day written as YYYY-MM-DD.`);
  if (date <= before) throw new RangeError(`Dates must rise: the bar of ${date} comes after that of ${before}.`);
  for (const column of BAR_COLUMNS) {
    if (!isUsable(column, bar[column])) throw new RangeError(`The ${column} of ${date} is ${bar[column]}; it must be ${wantedOf(column)}.`);
  }
}

/**
 * Throws a RangeError that names the first bar no feature can be computed from: columns of different lengths, a date
 * that is no calendar day or not after the one before it, a price that is not a finite positive number, or a volume
 * that is not a finite number of 0 or more. Zero bars are fine. Whether prices are plausible (high ≥ low, jumps) is
 * a matter for data validation, not for this.
 */
export function checkBars(bars: Bars): void {
  const rows = bars.date.length;
  for (const column of BAR_COLUMNS) {
    if (bars[column].length !== rows) {
      throw new RangeError(`Bars need columns of one length: date has ${rows} rows, ${column} has ${bars[column].length}.`);
    }
  }
  for (let row = 0; row < rows; row++) {
    const date = bars.date[row]!;
    if (!isCalendarDay(date)) {
      throw new RangeError(`The date of row ${row} is ${JSON.stringify(date)}, which is not a day written as YYYY-MM-DD.`);
    }
    if (row > 0 && date <= bars.date[row - 1]!) {
      throw new RangeError(`Dates must rise: row ${row} is ${date} and the row before it is ${bars.date[row - 1]}.`);
    }
  }
  for (const column of BAR_COLUMNS) {
    const values = bars[column];
    for (let row = 0; row < rows; row++) {
      const value = values[row]!;
      if (isUsable(column, value)) continue;
      throw new RangeError(`The ${column} of ${bars.date[row]} (row ${row}) is ${value}; it must be ${wantedOf(column)}.`);
    }
  }
}

function isUsable(column: BarColumn, value: number): boolean {
  return Number.isFinite(value) && (value > 0 || (value === 0 && column === 'volume'));
}

function wantedOf(column: BarColumn): string {
  return column === 'volume' ? 'a finite number of 0 or more' : 'a finite number above 0';
}

/** Bars `from` (included) to `to` (excluded). The columns are views: they share memory with the given bars. */
export function sliceBars(bars: Bars, from: number, to: number = bars.date.length): Bars {
  return {
    date: bars.date.slice(from, to),
    open: bars.open.subarray(from, to),
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
  };
}

const CALENDAR_DAY = /^([1-9]\d{3})-(\d{2})-(\d{2})$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether `text` is a day of the Gregorian calendar from the year 1000 on, written `YYYY-MM-DD` (ISO 8601). */
export function isCalendarDay(text: string): boolean {
  const parts = CALENDAR_DAY.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= longest;
}
