/** What is traded, and where: what a source tells about it. Absent is what it does not tell. */
export interface Listing {
  readonly symbol?: string | undefined;
  readonly currency?: string | undefined;
  /** As the source calls it. */
  readonly exchange?: string | undefined;
  readonly timeZone?: string | undefined;
  /** Regular close on the clocks of the zone, `HH:MM`. */
  readonly sessionClose?: string | undefined;
}

/** Where nothing else is said: that of New York, whose index is the packaged data. */
export const DEFAULT_SESSION = { timeZone: 'America/New_York', sessionClose: '16:00' } as const;

/** The midnight after a day: the close that is never too early. */
export const END_OF_DAY = '24:00';

/** Ends of regular trading in shares, the closing auction included, by time zone; from the exchanges' own trading hours. */
const SHARE_CLOSES: Readonly<Record<string, string>> = {
  'America/New_York': '16:00',
  'America/Toronto': '16:00',
  'Europe/London': '16:35',
  'Europe/Paris': '17:35',
  'Asia/Tokyo': '15:30',
  'Asia/Hong_Kong': '16:10',
};

/** The close of what trades in shares' hours in a zone; the end of the day for everything else, such as futures and currencies. */
export function closeOf(timeZone: string, isShare: boolean): string {
  return (isShare ? SHARE_CLOSES[timeZone] : undefined) ?? END_OF_DAY;
}
