import { DAY_MS, dayAfter, isoDay, weekdayOf } from './days.ts';

/*
 * Holidays and early closes of the New York Stock Exchange by rule. Rules and dates from the exchange's own list,
 * https://www.nyse.com/markets/hours-calendars, and its announcements of closures. Days are `YYYY-MM-DD`.
 */

/** From here on the holidays are complete. */
export const KNOWN_FROM = '1985-01-01';
/** From here on the early closes are complete; before, every session counts as a full one. */
export const EARLY_CLOSES_KNOWN_FROM = '1995-01-01';

const [SUNDAY, MONDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY] = [0, 1, 3, 4, 5, 6] as const;

/** Days on which the exchange stayed shut beyond its rules. */
const CLOSURES: Readonly<Record<string, string>> = {
  '1985-09-27': 'hurricane Gloria',
  '1994-04-27': 'mourning for President Nixon',
  '2001-09-11': 'attacks of September 11',
  '2001-09-12': 'attacks of September 11',
  '2001-09-13': 'attacks of September 11',
  '2001-09-14': 'attacks of September 11',
  '2004-06-11': 'mourning for President Reagan',
  '2007-01-02': 'mourning for President Ford',
  '2012-10-29': 'hurricane Sandy',
  '2012-10-30': 'hurricane Sandy',
  '2018-12-05': 'mourning for President George H. W. Bush',
  '2025-01-09': 'mourning for President Carter',
};

/** Sessions that ended at 13:00 beyond the rules. */
const SHORT_SESSIONS: Readonly<Record<string, string>> = {
  '1997-12-26': 'day after Christmas',
  '1999-12-31': 'last day of the century',
  '2003-12-26': 'day after Christmas',
};

/** Why the exchange is shut on a weekday: a name, or undefined. */
export function holidayOf(day: string): string | undefined {
  return holidaysOf(Number(day.slice(0, 4))).get(day) ?? CLOSURES[day];
}

/** Why a session ends at 13:00 and not at 16:00 New York time: a name, or undefined. The day must be a session. */
export function earlyCloseOf(day: string): string | undefined {
  if (day < EARLY_CLOSES_KNOWN_FROM) return undefined;
  const [year, weekday] = [Number(day.slice(0, 4)), weekdayOf(day)];
  switch (day.slice(5)) {
    case '07-03':
      // On a Wednesday the Friday after was the short one until 2012, and the Wednesday itself has been since 2013.
      return weekday !== WEDNESDAY || year >= 2013 ? 'eve of Independence Day' : undefined;
    case '07-05':
      return weekday === FRIDAY && year <= 2012 ? 'day after Independence Day' : undefined;
    case '12-24':
      return 'Christmas Eve';
    default:
      return day === dayAfter(nthWeekday(year, 11, THURSDAY, 4)) ? 'day after Thanksgiving' : SHORT_SESSIONS[day];
  }
}

const years = new Map<number, ReadonlyMap<string, string>>();

/** Holidays of a year that fall on a weekday, by day. */
function holidaysOf(year: number): ReadonlyMap<string, string> {
  let holidays = years.get(year);
  if (holidays === undefined) {
    holidays = new Map(listHolidays(year));
    years.set(year, holidays);
  }
  return holidays;
}

function* listHolidays(year: number): Generator<readonly [string, string]> {
  // New Year's Day on a Saturday is not kept on the Friday before: the old year closes on that day.
  const newYear = `${year}-01-01`;
  if (weekdayOf(newYear) !== SATURDAY) yield [observed(newYear), "New Year's Day"];
  if (year >= 1998) yield [nthWeekday(year, 1, MONDAY, 3), 'Martin Luther King Day'];
  yield [nthWeekday(year, 2, MONDAY, 3), "Washington's Birthday"];
  yield [isoDay(easter(year) - 2 * DAY_MS), 'Good Friday'];
  yield [lastMonday(year, 5), 'Memorial Day'];
  if (year >= 2022) yield [observed(`${year}-06-19`), 'Juneteenth'];
  yield [observed(`${year}-07-04`), 'Independence Day'];
  yield [nthWeekday(year, 9, MONDAY, 1), 'Labor Day'];
  yield [nthWeekday(year, 11, THURSDAY, 4), 'Thanksgiving'];
  yield [observed(`${year}-12-25`), 'Christmas'];
}

/** A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after. */
function observed(day: string): string {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return isoDay(Date.parse(day) - DAY_MS);
  return weekday === SUNDAY ? isoDay(Date.parse(day) + DAY_MS) : day;
}

function nthWeekday(year: number, month: number, weekday: number, count: number): string {
  const first = Date.UTC(year, month - 1, 1);
  const ahead = (weekday - new Date(first).getUTCDay() + 7) % 7;
  return isoDay(first + (ahead + 7 * (count - 1)) * DAY_MS);
}

function lastMonday(year: number, month: number): string {
  const last = Date.UTC(year, month, 0);
  return isoDay(last - ((new Date(last).getUTCDay() - MONDAY + 7) % 7) * DAY_MS);
}

/** Easter Sunday of the Gregorian calendar by the anonymous algorithm (Nature 13, 1876; Meeus, Astronomical Algorithms, chapter 8). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const shift = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(shift / 31) - 1, (shift % 31) + 1);
}
