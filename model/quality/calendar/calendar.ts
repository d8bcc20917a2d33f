import { unreachable } from '../../../dsl/util/index.ts';
import { DAY_MS, dayAfter, isoDay, isWeekend, weekdayOf } from './days.ts';
import { earlyCloseOf, holidayOf, KNOWN_FROM } from './new-york.ts';
import { newYorkInstant } from './new-york-time.ts';

/** `XNYS`: New York Stock Exchange (ISO 10383). `weekdays`: no holidays known. `every-day`: markets that never close. */
export const CALENDAR_NAMES = ['XNYS', 'weekdays', 'every-day'] as const;
export type CalendarName = (typeof CALENDAR_NAMES)[number];

/** On which days a market is open, and when it closes. Days are `YYYY-MM-DD` and must be days of the calendar. */
export interface Calendar {
  readonly name: CalendarName;
  /** For sentences: `the New York Stock Exchange`. */
  readonly title: string;
  /** Before this day nothing is said about holidays. */
  readonly knownFrom: string;
  /** Why the market is shut on a day, or undefined for a session. */
  readonly whyClosed: (day: string) => string | undefined;
  /** When a session ends, in milliseconds since 1970. */
  readonly closeOf: (session: string) => number;
}

export function calendarOf(name: CalendarName): Calendar {
  switch (name) {
    case 'XNYS':
      return {
        name,
        title: 'the New York Stock Exchange',
        knownFrom: KNOWN_FROM,
        whyClosed: (day) => weekendOf(day) ?? holidayOf(day),
        closeOf: (session) => newYorkInstant(session, earlyCloseOf(session) === undefined ? 16 : 13),
      };
    case 'weekdays':
      return { name, title: 'weekdays', knownFrom: '1000-01-01', whyClosed: weekendOf, closeOf: endOfDay };
    case 'every-day':
      return { name, title: 'every day', knownFrom: '1000-01-01', whyClosed: () => undefined, closeOf: endOfDay };
    default:
      return unreachable(name);
  }
}

/** The sessions after one day and before another. */
export function sessionsBetween({ whyClosed }: Calendar, after: string, before: string): string[] {
  const sessions: string[] = [];
  for (let day = dayAfter(after); day < before; day = dayAfter(day)) if (whyClosed(day) === undefined) sessions.push(day);
  return sessions;
}

/**
 * The last session whose bar must be there at an instant: it closed at least `delayMinutes` before. `asOf` is a day,
 * which stands for its beginning in UTC, or an instant such as `2026-01-05T21:30:00Z`.
 */
export function lastExpectedSession({ whyClosed, closeOf }: Calendar, asOf: string, delayMinutes = 0): string {
  const at = Date.parse(asOf);
  for (let day = isoDay(at); ; day = isoDay(Date.parse(day) - DAY_MS)) {
    if (whyClosed(day) === undefined && closeOf(day) + delayMinutes * 60_000 <= at) return day;
  }
}

function weekendOf(day: string): string | undefined {
  if (!isWeekend(day)) return undefined;
  return weekdayOf(day) === 6 ? 'Saturday' : 'Sunday';
}

function endOfDay(session: string): number {
  return Date.parse(session) + DAY_MS;
}
