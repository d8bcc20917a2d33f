import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayIn, timesOf } from '../../../steps/ingest/sessions.ts';

describe('the times of a bar', () => {
  it.each([
    ['winter in New York', 'America/New_York', '16:00', '2020-01-02', '2020-01-02T21:00:00Z'],
    ['summer in New York', 'America/New_York', '16:00', '2020-07-02', '2020-07-02T20:00:00Z'],
    ['the first day after the clocks changed', 'America/New_York', '16:00', '2020-03-09', '2020-03-09T20:00:00Z'],
    ['London', 'Europe/London', '16:35', '2020-07-02', '2020-07-02T15:35:00Z'],
    ['half an hour off', 'Asia/Kolkata', '15:30', '2020-07-02', '2020-07-02T10:00:00Z'],
    ['the far side of the date line', 'Pacific/Auckland', '16:45', '2020-01-02', '2020-01-02T03:45:00Z'],
    ['the end of the day', 'UTC', '24:00', '2020-12-31', '2021-01-01T00:00:00Z'],
    ['an old day', 'America/New_York', '16:00', '1930-01-02', '1930-01-02T21:00:00Z'],
  ])('%s', (_what, timeZone, close, day, eventTime) => {
    expect(timesOf({ timeZone, close, publicationDelayMinutes: 0 })(day)).toEqual({ eventTime, availableAt: eventTime });
  });

  it('lie apart by the delay', () => {
    expect(timesOf({ timeZone: 'America/New_York', close: '16:00', publicationDelayMinutes: 495 })('2020-01-02')).toEqual({ eventTime: '2020-01-02T21:00:00Z', availableAt: '2020-01-03T05:15:00Z' });
  });

  it('show the day and the close again on the clocks of the zone, and sort as texts', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 8, max: 22 }), fc.integer({ min: 0, max: 25_000 }), (timeZone, hour, offset) => {
        const [day, next] = [offset, offset + 1].map((days) => new Date(Date.UTC(1970, 0, 1) + days * 864e5).toISOString().slice(0, 10)) as [string, string];
        const close = `${String(hour).padStart(2, '0')}:30`;
        const times = timesOf({ timeZone, close, publicationDelayMinutes: 0 });
        const { eventTime } = times(day);
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(eventTime));
        expect(shown).toBe(`${day} ${close}`);
        expect(dayIn(timeZone)(Date.parse(eventTime))).toBe(day);
        expect(eventTime < times(next).eventTime).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('need a zone that exists', () => {
    expect(() => timesOf({ timeZone: 'Moon/Tranquility', close: '16:00', publicationDelayMinutes: 0 })).toThrow('PW501: There is no time zone "Moon/Tranquility".');
  });
});
