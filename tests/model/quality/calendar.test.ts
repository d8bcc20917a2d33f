import { describe, expect, it } from 'vitest';
import { isWeekend } from '../../../model/quality/calendar/days.ts';
import { calendarOf, lastExpectedSession, sessionsBetween } from '../../../model/quality/index.ts';
import { sp500 } from '../sample-bars.ts';

const newYork = calendarOf('XNYS');

/** The days of a year that have something, as MM-DD. */
function daysOf(year: number, isWanted: (day: string) => boolean): string[] {
  const days = Array.from({ length: 366 }, (_, at) => new Date(Date.UTC(year, 0, 1 + at)).toISOString().slice(0, 10));
  return days.filter((day) => day.startsWith(String(year)) && isWanted(day)).map((day) => day.slice(5));
}

const hourInNewYork = (day: string): string => new Date(newYork.closeOf(day)).toLocaleTimeString('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit' });

describe('the calendar of the New York Stock Exchange', () => {
  it('knows every session of the packaged data from 2000 to 2020, no more and no fewer', () => {
    const { date } = sp500();
    expect([date[0], ...sessionsBetween(newYork, date[0]!, date.at(-1)!), date.at(-1)]).toEqual(date);
  });

  // Holidays as the exchange published them for these years.
  it.each([
    [1997, ['01-01', '02-17', '03-28', '05-26', '07-04', '09-01', '11-27', '12-25']],
    [2001, ['01-01', '01-15', '02-19', '04-13', '05-28', '07-04', '09-03', '09-11', '09-12', '09-13', '09-14', '11-22', '12-25']],
    [2004, ['01-01', '01-19', '02-16', '04-09', '05-31', '06-11', '07-05', '09-06', '11-25', '12-24']],
    [2007, ['01-01', '01-02', '01-15', '02-19', '04-06', '05-28', '07-04', '09-03', '11-22', '12-25']],
    [2012, ['01-02', '01-16', '02-20', '04-06', '05-28', '07-04', '09-03', '10-29', '10-30', '11-22', '12-25']],
    [2018, ['01-01', '01-15', '02-19', '03-30', '05-28', '07-04', '09-03', '11-22', '12-05', '12-25']],
    [2021, ['01-01', '01-18', '02-15', '04-02', '05-31', '07-05', '09-06', '11-25', '12-24']],
    [2022, ['01-17', '02-21', '04-15', '05-30', '06-20', '07-04', '09-05', '11-24', '12-26']],
    [2025, ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25']],
    [2026, ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25']],
  ])('keeps the holidays of %i', (year, days) => {
    expect(daysOf(year, (day) => newYork.whyClosed(day) !== undefined && !isWeekend(day))).toEqual(days);
  });

  // Early closes as the exchange published them for these years.
  it.each([
    [1997, ['07-03', '11-28', '12-24', '12-26']],
    [1999, ['11-26', '12-31']],
    [2002, ['07-05', '11-29', '12-24']],
    [2003, ['07-03', '11-28', '12-24', '12-26']],
    [2013, ['07-03', '11-29', '12-24']],
    [2019, ['07-03', '11-29', '12-24']],
    [2020, ['11-27', '12-24']],
    [2024, ['07-03', '11-29', '12-24']],
    [2025, ['07-03', '11-28', '12-24']],
  ])('keeps the early closes of %i', (year, days) => {
    expect(daysOf(year, (day) => newYork.whyClosed(day) === undefined && hourInNewYork(day) === '13:00')).toEqual(days);
  });

  it('closes at 16:00 New York time, as the machine’s own time zones have it', () => {
    const { date } = sp500();
    const hours = new Set(date.filter((_, row) => row % 7 === 0).map(hourInNewYork));
    expect([...hours].sort()).toEqual(['13:00', '16:00']);
    // The days on which the clocks change: a Monday before and after each.
    for (const day of ['1986-04-28', '1987-04-06', '2006-04-03', '2006-10-30', '2007-03-12', '2007-11-05', '2026-03-09', '2026-11-02']) expect(hourInNewYork(day), day).toBe('16:00');
  });

  it('names the reason', () => {
    expect(newYork.whyClosed('2012-10-29')).toBe('hurricane Sandy');
    expect(newYork.whyClosed('2020-04-10')).toBe('Good Friday');
    expect(newYork.whyClosed('2022-06-20')).toBe('Juneteenth');
    expect(newYork.whyClosed('2021-06-18')).toBeUndefined();
    expect(newYork.whyClosed('2020-04-11')).toBe('Saturday');
    expect(newYork.whyClosed('2020-04-13')).toBeUndefined();
  });
});

describe('the last expected session', () => {
  it.each([
    ['2020-04-13', 0, '2020-04-09', 'a Monday morning after Good Friday'],
    ['2020-04-14', 0, '2020-04-13', 'a day is its beginning: the session before it has closed'],
    ['2020-04-13T19:59:59Z', 0, '2020-04-09', 'a second before the close'],
    ['2020-04-13T20:00:00Z', 0, '2020-04-13', 'the close, in summer'],
    ['2020-01-13T20:59:00Z', 0, '2020-01-10', 'before the close, in winter'],
    ['2020-04-13T20:30:00Z', 60, '2020-04-09', 'the close, but the source needs an hour'],
    ['2020-11-27T18:00:00Z', 0, '2020-11-27', 'an early close'],
    ['2020-11-25T18:00:00Z', 0, '2020-11-24', 'the same hour on a full day'],
    ['2001-09-16', 0, '2001-09-10', 'closed for days'],
  ])('as of %s with %i minutes of delay is %s: %s', (asOf, delay, session) => {
    expect(lastExpectedSession(newYork, asOf, delay)).toBe(session);
  });

  it('depends on the calendar', () => {
    expect(lastExpectedSession(calendarOf('every-day'), '2020-04-12')).toBe('2020-04-11');
    expect(lastExpectedSession(calendarOf('weekdays'), '2020-04-12')).toBe('2020-04-10');
  });
});
