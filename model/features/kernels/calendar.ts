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

/** Day of the week (Monday 0 … Sunday 6) on a circle of 7. Dates are calendar days `YYYY-MM-DD`, as `checkBars` demands. */
export function dayOfWeek(dates: readonly string[]): CirclePosition {
  return onCircle(dates, 7, (date) => {
    const day = Date.UTC(numberAt(date, 0, 4), numberAt(date, 5, 7) - 1, numberAt(date, 8, 10)) / MILLISECONDS_A_DAY;
    return (((day + WEEKDAY_OF_DAY_ZERO) % 7) + 7) % 7;
  });
}

/** Month of the year (January 0 … December 11) on a circle of 12. Dates as for {@link dayOfWeek}. */
export function monthOfYear(dates: readonly string[]): CirclePosition {
  return onCircle(dates, 12, (date) => numberAt(date, 5, 7) - 1);
}

function onCircle(dates: readonly string[], positions: number, positionOf: (date: string) => number): CirclePosition {
  const angles = Float64Array.from(dates, (date) => (2 * Math.PI * positionOf(date)) / positions);
  return { sine: angles.map(Math.sin), cosine: angles.map(Math.cos) };
}

function numberAt(text: string, from: number, to: number): number {
  return Number(text.slice(from, to));
}
