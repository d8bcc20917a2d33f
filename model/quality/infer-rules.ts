import { BAR_COLUMNS, isCalendarDay } from '../bars.ts';
import { CALENDAR_NAMES, calendarOf, sessionsBetween, type CalendarName } from './calendar/calendar.ts';
import { outlierRatios } from './checks/sequence.ts';
import type { Range } from './checks/row.ts';
import { COLUMN_TYPES, LINE, type ColumnTypeName } from './checks/structure.ts';
import { defaultRules } from './default-rules.ts';
import type { RulesDocument, RuleSettings } from './document.ts';
import { demandNumbers, demandTexts, numbersOf, type Table } from './table.ts';

export interface InferOptions {
  /** Quantiles between which a column's values count as usual; the rest may be errors that must not widen the limits. Default 0.001. */
  readonly tail?: number;
  /** How far the limits lie beyond those quantiles, in widths between them: of logarithms where all values are above 0. Default 1. */
  readonly margin?: number;
}

/** With more different texts a column is no enumeration. */
const MOST_TEXTS = 20;
/** Shares and jumps are drafted this much wider than what was seen. */
const SLACK = 1.5;

/**
 * Drafts a rules document from data that is taken to be good: for a person to read, narrow and put into Git. Everything
 * that the data does not tell is as in the built-in rules.
 *
 * - Columns and types as they are; others are refused, so that a new one shows.
 * - Ranges from the quantiles `tail` and 1 − `tail`, widened by `margin`, rounded outward to two digits. They never
 *   exclude a value between those quantiles.
 * - Missing values, and volumes of 0: 1.5 times the share that was seen, and at least 1 %. A volume may be 0 only if one was.
 * - The calendar that fits best; gaps: none longer than the longest that was seen.
 * - Jumps and outliers: 1.5 times the largest that was seen. Repeated closes: twice the longest run, at least 5.
 *
 * Throws RangeError when the data has no rows, no bars, or a date that is no day.
 */
export function inferRules(given: Table, options: InferOptions = {}): RulesDocument {
  const table = { ...given, columns: Object.fromEntries(Object.entries(given.columns).filter(([name]) => name !== LINE)) };
  if (table.rows === 0) throw new RangeError('Rules cannot be drafted from data without rows.');
  const dates = demandTexts(table, 'date');
  const wrong = dates.findIndex((text) => !isCalendarDay(text));
  if (wrong >= 0) throw new RangeError(`Rules cannot be drafted from data in which row ${wrong} has the date ${JSON.stringify(dates[wrong])}.`);
  const days = [...new Set(dates)].sort();
  const calendar = bestCalendar(days);
  const longestGap = days.slice(1).reduce((most, day, at) => Math.max(most, sessionsBetween(calendarOf(calendar), days[at]!, day).length), 0);
  const close = demandNumbers(table, 'close');
  const returns = close.map((value, row) => Math.abs(value / close[row - 1]! - 1));
  const base = defaultRules({ maximumQuarantinedShare: 0.01, toleratedGap: longestGap, maximumGap: Math.max(20, 2 * longestGap), maximumReturn: Math.max(0.05, upTo(SLACK * largest(returns))) });
  const rules = base.rules.flatMap((rule) => draft(rule, table, { ...options, close }));
  return { ...base, calendar, rules };
}

interface Seen extends InferOptions { readonly close: Float64Array }

function draft(rule: RuleSettings, table: Table, { tail = 0.001, margin = 1, close }: Seen): readonly RuleSettings[] {
  switch (rule.check) {
    case 'columns':
      return [{ ...rule, columns: typesOf(table), others: 'refuse' }];
    case 'null-share':
      // One rule per column: a column that is often empty must not excuse the others.
      return [
        ...BAR_COLUMNS.map((column) => ({ ...rule, id: `null-share.${column}`, columns: [column], maximumShare: slackShare(table, column, Number.isNaN) })),
        { id: 'zero-share', check: 'zero-share', severity: 'warn', columns: ['volume'], maximumShare: slackShare(table, 'volume', (value) => value === 0) },
      ];
    case 'complete': {
      // A column that the source never fills cannot be demanded.
      const filled = BAR_COLUMNS.filter((column) => demandNumbers(table, column).some((value) => !Number.isNaN(value)));
      return filled.length === 0 ? [] : [{ ...rule, columns: filled }];
    }
    case 'range': {
      const names = Object.keys(table.columns).filter((name) => numbersOf(table, name) !== undefined && table.columns[name]!.type !== 'boolean');
      const ranges = names.map((name) => [name, rangeOf(numbersOf(table, name)!, tail, margin)] as const);
      return [{ ...rule, columns: Object.fromEntries(ranges) }, ...draftTexts(table)];
    }
    case 'outlier':
      return [{ ...rule, deviations: Math.max(10, upTo(SLACK * largest(outlierRatios(close, rule.window)))) }];
    case 'flat':
      return [{ ...rule, moreThan: Math.max(rule.moreThan, 2 * longestRun(close)) }];
    default:
      return [rule];
  }
}

function draftTexts(table: Table): readonly RuleSettings[] {
  const few = Object.entries(table.columns).flatMap(([name, column]) => {
    if (name === 'date' || (column.type !== 'string' && column.type !== 'date')) return [];
    const different = [...new Set(column.values)].sort();
    // A column that the source never fills tells nothing of what may stand in it.
    const isFilled = different.some((text) => text !== '');
    return isFilled && different.length <= MOST_TEXTS ? [[name, { oneOf: different }] as const] : [];
  });
  return few.length === 0 ? [] : [{ id: 'text', check: 'text', severity: 'quarantine', columns: Object.fromEntries(few) }];
}

function typesOf(table: Table): Record<string, ColumnTypeName> {
  const known = Object.entries(table.columns).flatMap(([name, { type }]) => {
    const found = COLUMN_TYPES.find((one) => one === type);
    return found === undefined ? [] : [[name, name === 'date' ? ('date' as const) : found] as const];
  });
  return Object.fromEntries(known);
}

/** The calendar with the fewest sessions that are missing from the days, or that the days have beyond it. */
function bestCalendar(days: readonly string[]): CalendarName {
  const has = new Set(days);
  const misfits = CALENDAR_NAMES.map((name) => {
    const calendar = calendarOf(name);
    const missing = sessionsBetween(calendar, days[0]!, days.at(-1)!).filter((day) => !has.has(day)).length;
    return { name, count: missing + days.filter((day) => calendar.whyClosed(day) !== undefined).length };
  });
  return misfits.reduce((best, one) => (one.count < best.count ? one : best)).name;
}

function rangeOf(values: Float64Array, tail: number, margin: number): Range {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return {};
  const [low, high] = [sorted[Math.floor(tail * (sorted.length - 1))]!, sorted[Math.ceil((1 - tail) * (sorted.length - 1))]!];
  if (sorted[0]! > 0) {
    // Widths are ratios; a column that never changed gets a factor of 2.
    const factor = Math.max(2, high / low) ** margin;
    return { minimum: twoDigits(low / factor, Math.floor), maximum: twoDigits(high * factor, Math.ceil) };
  }
  const width = (high - low || Math.abs(high) || 1) * margin;
  return { minimum: sorted[0] === 0 ? 0 : twoDigits(low - width, Math.floor), maximum: twoDigits(high + width, Math.ceil) };
}

/** 1.5 times the share of such values, and at least 1 %. */
function slackShare(table: Table, column: string, isCounted: (value: number) => boolean): number {
  const share = demandNumbers(table, column).filter(isCounted).length / table.rows;
  return Math.min(1, Math.max(0.01, upTo(SLACK * share)));
}

function twoDigits(value: number, round: (value: number) => number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Number((round(value / unit) * unit).toPrecision(12));
}

function upTo(value: number): number {
  return twoDigits(value, Math.ceil);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (Number.isFinite(value) && value > most ? value : most), 0);
}

function longestRun(values: Float64Array): number {
  let [longest, current] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    current = row > 0 && values[row] === values[row - 1] ? current + 1 : 1;
    longest = Math.max(longest, current);
  }
  return longest;
}
