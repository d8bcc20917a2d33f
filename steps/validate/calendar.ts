/**
 * Sessions of the New York Stock Exchange by rule: every weekday that is not a holiday. Rules and dates from the
 * exchange's own list, https://www.nyse.com/markets/hours-calendars, and its announcements of closures. Days are
 * `YYYY-MM-DD`; the calendar holds from {@link KNOWN_FROM} on.
 */
export const KNOWN_FROM = '1985-01-01';

const DAY_MS = 86_400_000;
const [SUNDAY, MONDAY, THURSDAY, SATURDAY] = [0, 1, 4, 6] as const;

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

/** Why the exchange is shut on a day: a name, or undefined for a session. */
export function whyClosed(day: string): string | undefined {
  const weekday = weekdayOf(day);
  if (weekday === SATURDAY) return 'Saturday';
  if (weekday === SUNDAY) return 'Sunday';
  return holidaysOf(Number(day.slice(0, 4))).get(day) ?? CLOSURES[day];
}

export function isWeekend(day: string): boolean {
  return weekdayOf(day) % 6 === 0;
}

/** The sessions after one day and before another. */
export function sessionsBetween(after: string, before: string): string[] {
  const sessions: string[] = [];
  for (let at = Date.parse(after) + DAY_MS; at < Date.parse(before); at += DAY_MS) {
    const day = isoDay(at);
    if (whyClosed(day) === undefined) sessions.push(day);
  }
  return sessions;
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

function weekdayOf(day: string): number {
  return new Date(day).getUTCDay();
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

