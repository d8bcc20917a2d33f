import { describe, expect, it } from 'vitest';
import { isWeekend, sessionsBetween, whyClosed } from '../../../steps/validate/calendar.ts';
import { sp500 } from '../../model/sample-bars.ts';

describe('the calendar of sessions', () => {
  it('knows every session from 2000 to 2020, no more and no fewer', () => {
    const { date } = sp500();
    expect([date[0], ...sessionsBetween(date[0]!, date.at(-1)!), date.at(-1)]).toEqual(date);
  });

  // Holidays as the exchange published them for these years.
  it.each([
    [1997, ['01-01', '02-17', '03-28', '05-26', '07-04', '09-01', '11-27', '12-25']],
    [2021, ['01-01', '01-18', '02-15', '04-02', '05-31', '07-05', '09-06', '11-25', '12-24']],
    [2022, ['01-17', '02-21', '04-15', '05-30', '06-20', '07-04', '09-05', '11-24', '12-26']],
    [2025, ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25']],
    [2026, ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25']],
  ])('keeps the holidays of %i', (year, days) => {
    const closed: string[] = [];
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 86_400_000) {
      const day = new Date(at).toISOString().slice(0, 10);
      if (whyClosed(day) !== undefined && !isWeekend(day)) closed.push(day.slice(5));
    }
    expect(closed).toEqual(days);
  });

  it('names the reason', () => {
    expect(whyClosed('2012-10-29')).toBe('hurricane Sandy');
    expect(whyClosed('2020-04-10')).toBe('Good Friday');
    expect(whyClosed('2020-04-11')).toBe('Saturday');
    expect(whyClosed('2020-04-13')).toBeUndefined();
  });
});
