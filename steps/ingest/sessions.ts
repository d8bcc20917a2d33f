import { PipewrightError } from '../../dsl/errors/index.ts';

const WEEK_MS = 7 * 86_400_000;

/** When the sessions of a market end. */
export interface Sessions {
  /** A name of the IANA time zone database, such as `America/New_York`. */
  readonly timeZone: string;
  /** On the clocks of the zone, `HH:MM`; `24:00` is the midnight after the day. */
  readonly close: string;
  /** From the close until a bar can be known. */
  readonly publicationDelayMinutes: number;
}

/** The two times of a bar, as instants in ISO 8601, UTC, to the second: texts that sort like the times themselves. */
export interface BarTimes {
  /** When the session closed, and with it what the bar tells was settled. */
  readonly eventTime: string;
  /** From when on it can have been known. */
  readonly availableAt: string;
}

/**
 * Answers the times of bars. A day on which the exchange closes early gets its regular close: available-at may then be some hours too
 * late, which costs nothing, and never too early, which would be a look into the future. PW501 for a zone that does not exist.
 */
export function timesOf({ timeZone, close, publicationDelayMinutes }: Sessions): (day: string) => BarTimes {
  const instantOf = zoneClock(timeZone);
  const [hours, minutes] = close.split(':').map(Number) as [number, number];
  return (day) => {
    const event = instantOf(Date.parse(day) + (hours * 60 + minutes) * 60_000);
    return { eventTime: textOf(event), availableAt: textOf(event + Math.round(publicationDelayMinutes * 60_000)) };
  };
}

/** The day on the clocks of a zone at an instant, `YYYY-MM-DD`. PW501 for a zone that does not exist. */
export function dayIn(timeZone: string): (instant: number) => string {
  const format = formatOf(timeZone);
  return (instant) => new Date(wallTime(format, instant)).toISOString().slice(0, 10);
}

/** From what the clocks of a zone show, written as if it were UTC in ms, to the instant in ms. */
function zoneClock(timeZone: string): (wall: number) => number {
  const offsetAt = rememberOffsets(formatOf(timeZone));
  // The offset at a first guess may be that of the other side of a change of the clocks; at the second it is right.
  return (wall) => wall - offsetAt(wall - offsetAt(wall));
}

/** How far a zone is ahead of UTC at an instant, in ms. Asking costs some microseconds, so weeks without a change of the clocks are remembered. */
function rememberOffsets(format: Intl.DateTimeFormat): (instant: number) => number {
  const offsetAt = (instant: number): number => wallTime(format, instant) - instant;
  const weeks = new Map<number, number | 'changes'>();
  return (instant) => {
    const week = Math.floor(instant / WEEK_MS);
    let offset = weeks.get(week);
    if (offset === undefined) {
      const [start, end] = [offsetAt(week * WEEK_MS), offsetAt((week + 1) * WEEK_MS)];
      offset = start === end ? start : 'changes';
      weeks.set(week, offset);
    }
    return offset === 'changes' ? offsetAt(instant) : offset;
  };
}

function wallTime(format: Intl.DateTimeFormat, instant: number): number {
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
    });
  } catch (cause) {
    throw new PipewrightError({ code: 'PW501', message: `There is no time zone "${timeZone}".`, fix: 'Give a name of the IANA time zone database, such as America/New_York.' }, { cause });
  }
}

function textOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
