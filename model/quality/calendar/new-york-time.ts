import { DAY_MS } from './days.ts';

const HOUR_MS = 3_600_000;

/**
 * The instant, in milliseconds since 1970, at which it is `hour` o'clock in New York on a day. Daylight saving time by
 * the law in force: from 2007 on second Sunday of March to first Sunday of November (Energy Policy Act of 2005), from
 * 1987 first Sunday of April to last Sunday of October, before that last Sunday of April. For hours outside the night.
 */
export function newYorkInstant(day: string, hour: number): number {
  return Date.parse(day) + (hour + (isDaylightSaving(day) ? 4 : 5)) * HOUR_MS;
}

function isDaylightSaving(day: string): boolean {
  const year = Number(day.slice(0, 4));
  const at = Date.parse(day);
  if (year >= 2007) return at >= sunday(year, 2, 8) && at < sunday(year, 10, 1);
  return at >= sunday(year, 3, year >= 1987 ? 1 : 24) && at < sunday(year, 9, 25);
}

/** The first Sunday on or after a day of a month (January is 0). */
function sunday(year: number, month: number, day: number): number {
  const from = Date.UTC(year, month, day);
  return from + ((7 - new Date(from).getUTCDay()) % 7) * DAY_MS;
}
