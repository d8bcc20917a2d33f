import { BAR_COLUMNS, isCalendarDay, type BarColumn, type Bars } from '../../model/bars.ts';
import { isWeekend, KNOWN_FROM, sessionsBetween, whyClosed } from './calendar.ts';
import type { Finding, Rule } from './rule.ts';

const PRICES = ['open', 'high', 'low', 'close'] as const;

/**
 * The rules, in the order in which they are applied: each sees what those before it left. First the days, because
 * everything else compares neighbours; then the numbers of a row; then rows with each other.
 */
export const RULES: readonly Rule[] = [
  {
    id: 'not-empty',
    severity: 'stop',
    demand: 'There is at least one row.',
    check: (bars) => (bars.date.length > 0 ? [] : [{ row: null, reason: 'has no rows' }]),
  },
  {
    id: 'valid-day',
    severity: 'quarantine',
    demand: 'The date is a day of the calendar.',
    check: (bars) => eachRow(bars, (row) => (isCalendarDay(bars.date[row]!) ? undefined : `has the date ${JSON.stringify(bars.date[row])}`)),
  },
  {
    id: 'order',
    severity: 'stop',
    demand: 'Rows are in the order of time, oldest first.',
    check: ({ date }) => {
      const at = date.findIndex((day, row) => row > 0 && day < date[row - 1]!);
      return at < 0 ? [] : [{ row: at, reason: `comes after ${date[at - 1]}` }];
    },
  },
  {
    id: 'unique-day',
    severity: 'quarantine',
    demand: 'There is one row a day. Of equal rows the first is kept; of rows that contradict each other, none.',
    check: findDuplicates,
  },
  {
    id: 'weekday',
    severity: 'quarantine',
    demand: 'No session is on a weekend.',
    check: (bars) => eachRow(bars, (row) => (isWeekend(bars.date[row]!) ? `is on a ${whyClosed(bars.date[row]!)}` : undefined)),
  },
  {
    id: 'holiday',
    severity: 'warn',
    demand: `No session is on a holiday of the New York Stock Exchange (from ${KNOWN_FROM.slice(0, 4)} on).`,
    check: (bars) => eachRow(bars, (row) => describeHoliday(bars.date[row]!)),
  },
  {
    id: 'gap',
    severity: 'warn',
    demand: 'No more sessions in a row are missing than the parameter toleratedGap.',
    check: (bars, { toleratedGap, maximumGap }) => findGaps(bars, (missing) => missing > toleratedGap && missing <= maximumGap),
  },
  {
    id: 'hole',
    severity: 'stop',
    demand: 'No more sessions in a row are missing than the parameter maximumGap.',
    check: (bars, { maximumGap }) => findGaps(bars, (missing) => missing > maximumGap),
  },
  {
    id: 'complete',
    severity: 'quarantine',
    demand: 'Open, high, low, close and volume are there.',
    check: (bars) => eachRow(bars, (row) => describeColumns(bars, row, BAR_COLUMNS, Number.isNaN, (columns) => `has no ${columns.join(', no ')}`)),
  },
  {
    id: 'range',
    severity: 'quarantine',
    demand: 'Prices are finite and above 0; the volume is finite and not below 0.',
    check: (bars) =>
      eachRow(bars, (row) => {
        const broken = (value: number, column: BarColumn): boolean => !Number.isFinite(value) || (column === 'volume' ? value < 0 : value <= 0);
        return describeColumns(bars, row, BAR_COLUMNS, broken, (columns) => `has the ${columns.map((column) => `${column} ${bars[column][row]}`).join(', the ')}`);
      }),
  },
  {
    id: 'high-low',
    severity: 'quarantine',
    demand: 'The low is at most, and the high at least, every other price of the day.',
    check: (bars) =>
      eachRow(bars, (row) => {
        const prices = PRICES.map((column) => bars[column][row]!);
        const isSound = bars.low[row] === Math.min(...prices) && bars.high[row] === Math.max(...prices);
        return isSound ? undefined : `has the open ${prices[0]}, high ${prices[1]}, low ${prices[2]} and close ${prices[3]}`;
      }),
  },
  {
    id: 'stale',
    severity: 'quarantine',
    demand: 'No row repeats prices and volume of the row before it.',
    check: (bars) =>
      eachRow(bars, (row) =>
        row > 0 && bars.volume[row]! > 0 && BAR_COLUMNS.every((column) => bars[column][row] === bars[column][row - 1])
          ? `has the same prices and the same volume, ${bars.volume[row]}, as ${bars.date[row - 1]}`
          : undefined,
      ),
  },
  {
    id: 'jump',
    severity: 'warn',
    demand: 'The close changes by no more than the parameter maximumReturn.',
    check: (bars, { maximumReturn }) =>
      eachRow(bars, (row) => {
        if (row === 0) return undefined;
        const change = bars.close[row]! / bars.close[row - 1]! - 1;
        return Math.abs(change) > maximumReturn ? `has the close ${bars.close[row]}, ${percent(change)} from ${bars.date[row - 1]}` : undefined;
      }),
  },
];

function eachRow(bars: Bars, describe: (row: number) => string | undefined): Finding[] {
  const findings: Finding[] = [];
  for (let row = 0; row < bars.date.length; row++) {
    const reason = describe(row);
    if (reason !== undefined) findings.push({ row, reason });
  }
  return findings;
}

function describeColumns(
  bars: Bars,
  row: number,
  columns: readonly BarColumn[],
  isBroken: (value: number, column: BarColumn) => boolean,
  say: (broken: readonly BarColumn[]) => string,
): string | undefined {
  const broken = columns.filter((column) => isBroken(bars[column][row]!, column));
  return broken.length === 0 ? undefined : say(broken);
}

function describeHoliday(day: string): string | undefined {
  const reason = day >= KNOWN_FROM && !isWeekend(day) ? whyClosed(day) : undefined;
  return reason === undefined ? undefined : `is on a day when the exchange was shut (${reason})`;
}

/** Rows are in order here, so those of one day are neighbours. */
function findDuplicates(bars: Bars): Finding[] {
  const findings: Finding[] = [];
  const sameAs = (a: number, b: number): boolean => BAR_COLUMNS.every((column) => Object.is(bars[column][a], bars[column][b]));
  for (let first = 0; first < bars.date.length; ) {
    let end = first + 1;
    while (end < bars.date.length && bars.date[end] === bars.date[first]) end++;
    const copies = Array.from({ length: end - first - 1 }, (_, at) => first + 1 + at);
    const isContradiction = copies.some((row) => !sameAs(first, row));
    if (isContradiction) findings.push({ row: first, reason: `is one of ${end - first} of this day that differ` });
    for (const row of copies) {
      findings.push({ row, reason: isContradiction ? `is one of ${end - first} of this day that differ` : 'repeats the row before it' });
    }
    first = end;
  }
  return findings;
}

function findGaps({ date }: Bars, isReported: (missing: number) => boolean): Finding[] {
  const findings: Finding[] = [];
  for (let row = 1; row < date.length; row++) {
    if (date[row]! < KNOWN_FROM) continue;
    const missing = sessionsBetween(date[row - 1]!, date[row]!);
    if (missing.length === 0 || !isReported(missing.length)) continue;
    const days = missing.length === 1 ? missing[0] : `${missing[0]} to ${missing.at(-1)}`;
    findings.push({ row, reason: `comes after ${missing.length === 1 ? 'a missing session' : `${missing.length} missing sessions`}, ${days}` });
  }
  return findings;
}

function percent(change: number): string {
  return `${change > 0 ? '+' : '−'}${Math.abs(100 * change).toFixed(1)} %`;
}
