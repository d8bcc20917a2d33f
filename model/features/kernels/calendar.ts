/**
 * A position on a circle: Sunday stands next to Monday, and December next to January, which a plain number would hide.
 * Each array has one entry per date, in −1 … 1.
 */
export interface CirclePosition {
  readonly sine: Float64Array;
  readonly cosine: Float64Array;
}

const MILLISECONDS_A_DAY = 86_400_000;
/** 1970-01-01 was a Thursday; Monday is day 0. */
const WEEKDAY_OF_DAY_ZERO = 3;
const DIGIT_ZERO = 48;

const WEEK = circleOf(7);
const YEAR = circleOf(12);

/** Day of the week (Monday 0 … Sunday 6) on a circle of 7. Dates are calendar days `YYYY-MM-DD`, as `checkBars` demands. */
export function dayOfWeek(dates: readonly string[]): CirclePosition {
  return onCircle(dates, WEEK, weekdayOf);
}

/** Month of the year (January 0 … December 11) on a circle of 12. Dates as for {@link dayOfWeek}. */
export function monthOfYear(dates: readonly string[]): CirclePosition {
  return onCircle(dates, YEAR, monthOf);
}

/** {@link dayOfWeek} of one date: sine and cosine. */
export function dayOfWeekAt(date: string): readonly [sine: number, cosine: number] {
  const day = weekdayOf(date);
  return [WEEK.sine[day]!, WEEK.cosine[day]!];
}

/** {@link monthOfYear} of one date: sine and cosine. */
export function monthOfYearAt(date: string): readonly [sine: number, cosine: number] {
  const month = monthOf(date);
  return [YEAR.sine[month]!, YEAR.cosine[month]!];
}

function circleOf(positions: number): CirclePosition {
  const angles = Float64Array.from({ length: positions }, (_, position) => (2 * Math.PI * position) / positions);
  return { sine: angles.map(Math.sin), cosine: angles.map(Math.cos) };
}

function onCircle(dates: readonly string[], circle: CirclePosition, positionOf: (date: string) => number): CirclePosition {
  const sine = new Float64Array(dates.length);
  const cosine = new Float64Array(dates.length);
  for (const [row, date] of dates.entries()) {
    const position = positionOf(date);
    sine[row] = circle.sine[position]!;
    cosine[row] = circle.cosine[position]!;
  }
  return { sine, cosine };
}

function weekdayOf(date: string): number {
  const year = 100 * twoDigits(date, 0) + twoDigits(date, 2);
  const day = Date.UTC(year, twoDigits(date, 5) - 1, twoDigits(date, 8)) / MILLISECONDS_A_DAY;
  return (((day + WEEKDAY_OF_DAY_ZERO) % 7) + 7) % 7;
}

function monthOf(date: string): number {
  return twoDigits(date, 5) - 1;
}

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - DIGIT_ZERO) + text.charCodeAt(at + 1) - DIGIT_ZERO;
}
