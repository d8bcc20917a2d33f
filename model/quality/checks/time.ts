import { isCalendarDay } from '../../bars.ts';
import { lastExpectedSession, sessionsBetween } from '../calendar/calendar.ts';
import { aboutAll, COUNT, eachRow, NOTHING, type Check, type Finding, type Found } from '../check.ts';
import { demandTexts } from '../table.ts';

type None = Readonly<Record<never, never>>;
const NO_AS_OF: Found = { findings: [], skipped: 'no day or instant was given as "asOf"' };

export const day: Check<None> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: {},
  demand: () => 'The date is a day of the calendar.',
  find: (table) => {
    const date = demandTexts(table, 'date');
    return eachRow(table.rows, (row) => (isCalendarDay(date[row]!) ? undefined : `has the date ${JSON.stringify(date[row])}`));
  },
};

export const order: Check<None> = {
  severities: ['stop', 'warn'],
  prerequisite: true,
  settings: {},
  demand: () => 'Rows are in the order of time, oldest first.',
  find: (table) => {
    const date = demandTexts(table, 'date');
    const at = date.findIndex((text, row) => row > 0 && text < date[row - 1]!);
    return at < 0 ? NOTHING : { findings: [{ row: at, reason: `comes after ${date[at - 1]}` }] };
  },
};

export const weekday: Check<None> = {
  severities: ['quarantine', 'stop', 'warn'],
  perRow: true,
  settings: {},
  demand: () => 'No session is on a weekend.',
  find: (table, _, { calendar }) => {
    const date = demandTexts(table, 'date');
    return eachRow(table.rows, (row) => {
      const reason = isCalendarDay(date[row]!) ? calendar.whyClosed(date[row]!) : undefined;
      return reason === 'Saturday' || reason === 'Sunday' ? `is on a ${reason}` : undefined;
    });
  },
};

export const holiday: Check<None> = {
  severities: ['warn', 'quarantine', 'stop'],
  perRow: true,
  settings: {},
  demand: (_, { title, knownFrom, name }) => (name === 'XNYS' ? `No session is on a holiday of ${title} (from ${knownFrom.slice(0, 4)} on).` : 'No session is on a holiday (the calendar knows none).'),
  find: (table, _, { calendar }) => {
    const date = demandTexts(table, 'date');
    return eachRow(table.rows, (row) => {
      const text = date[row]!;
      const reason = isCalendarDay(text) && text >= calendar.knownFrom ? calendar.whyClosed(text) : undefined;
      return reason === undefined || reason === 'Saturday' || reason === 'Sunday' ? undefined : `is on a day when the exchange was shut (${reason})`;
    });
  },
};

/** Missing sessions in a row: more than `moreThan` and, where given, at most `atMost`, so that a longer one is another rule's. */
export const gap: Check<{ readonly moreThan: number; readonly atMost: number | null }> = {
  severities: ['warn', 'stop'],
  settings: { moreThan: COUNT, atMost: { type: ['integer', 'null'], minimum: 0, default: null } },
  demand: ({ moreThan }, { title }) => `No more than ${moreThan} sessions in a row are missing, by the calendar of ${title}.`,
  find: (table, { moreThan, atMost }, { calendar }) => {
    const date = demandTexts(table, 'date');
    const findings: Finding[] = [];
    const measures: { from: string; to: string; sessions: number }[] = [];
    for (let row = 1; row < date.length; row++) {
      if (date[row]! < calendar.knownFrom || !isCalendarDay(date[row]!) || !isCalendarDay(date[row - 1]!)) continue;
      const missing = sessionsBetween(calendar, date[row - 1]!, date[row]!);
      if (missing.length === 0 || missing.length <= moreThan || (atMost !== null && missing.length > atMost)) continue;
      const days = missing.length === 1 ? missing[0] : `${missing[0]} to ${missing.at(-1)}`;
      findings.push({ row, reason: `comes after ${missing.length === 1 ? 'a missing session' : `${missing.length} missing sessions`}, ${days}` });
      measures.push({ from: missing[0]!, to: missing.at(-1)!, sessions: missing.length });
    }
    return measures.length === 0 ? { findings } : { findings, measures };
  },
};

/** A stamp of the day of `asOf` itself is fine: the bar of a session that is not over. */
export const notAfter: Check<None> = {
  severities: ['stop', 'quarantine', 'warn'],
  settings: {},
  demand: () => 'No row is later than the day of "asOf".',
  find: (table, _, { asOf }) => {
    if (asOf === undefined) return NO_AS_OF;
    const date = demandTexts(table, 'date');
    return eachRow(table.rows, (row) => (date[row]! > asOf.slice(0, 10) ? `is later than ${asOf.slice(0, 10)}` : undefined));
  },
};

/** Judged by sessions, not by hours: on a Monday morning, Friday's bar is fresh. */
export const freshness: Check<{ readonly tolerated: number; readonly delayMinutes: number }> = {
  severities: ['stop', 'warn'],
  settings: { tolerated: { ...COUNT, default: 0 }, delayMinutes: { type: 'number', minimum: 0, default: 60 } },
  demand: ({ tolerated, delayMinutes }, { title }) =>
    `The last row is the last session of ${title} that had closed ${delayMinutes} minutes before "asOf"${tolerated > 0 ? `, or at most ${tolerated} sessions older` : ''}.`,
  find: (table, { tolerated, delayMinutes }, { calendar, asOf }) => {
    if (asOf === undefined) return NO_AS_OF;
    const last = demandTexts(table, 'date').at(-1);
    const expected = lastExpectedSession(calendar, asOf, delayMinutes);
    if (last === undefined || !isCalendarDay(last) || last >= expected) return { findings: [], measures: [{ asOf, expected, last: last ?? null, missing: 0 }] };
    const missing = [...sessionsBetween(calendar, last, expected), expected];
    const measures = [{ asOf, expected, last, missing: missing.length }];
    if (missing.length <= tolerated) return { findings: [], measures };
    return { ...aboutAll(`ends on ${last}, but as of ${asOf} the session of ${expected} is expected (${missing.length} missing)`), measures };
  },
};
