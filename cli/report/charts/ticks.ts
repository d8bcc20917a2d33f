import { formatNumber } from '../../words/numbers.ts';

export interface Tick { readonly at: number; readonly label: string }

const LARGEST = 1e150;
const SMALLEST = 1 / LARGEST;

/** Whether a value has a place on paper: near the end of the doubles a range would be infinitely wide. */
export function isDrawable(value: number): boolean {
  return Math.abs(value) <= LARGEST;
}

/** A straight map from values to places on the paper. */
export type Scale = (value: number) => number;

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const width = domain[1] - domain[0] || 1;
  return (value) => range[0] + ((value - domain[0]) / width) * (range[1] - range[0]);
}

/** The smallest of 1, 2 and 5 times a power of ten that cuts a span into at most `count` parts. */
export function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** Widens a range to whole steps, so that the first and the last tick are its ends. A range without width gets one. */
export function niceDomain(minimum: number, maximum: number, count: number): readonly [number, number] {
  // What differs by less than a double can tell apart beside the values themselves is one value.
  const size = Math.max(Math.abs(minimum), Math.abs(maximum));
  if (maximum - minimum <= Math.max(size * 1e-12, SMALLEST)) {
    const half = size <= SMALLEST ? 1 : size * 0.1;
    return niceDomain(minimum - half, maximum + half, count);
  }
  const step = niceStep(maximum - minimum, count);
  return [Math.floor(minimum / step + 1e-9) * step, Math.ceil(maximum / step - 1e-9) * step];
}

/** Round numbers within a range. */
export function numberTicks(domain: readonly [number, number], count: number): readonly Tick[] {
  const step = niceStep(domain[1] - domain[0] || 1, count);
  const first = Math.ceil(domain[0] / step - 1e-9);
  const last = Math.floor(domain[1] / step + 1e-9);
  // Counted in whole steps and rounded to the step's own digits: adding 0.1 up would print 0.30000000000000004.
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = Number(((first + index) * step).toFixed(Math.min(20, digits))) || 0;
    // 0.70 below 0.71: all labels of an axis have as many digits as its step.
    return { at, label: digits === 0 || digits > 5 ? formatNumber(at) : at.toFixed(digits).replace('-', '−') };
  });
}

const DAY = 86_400_000;

/** Calendar days as numbers: days since 1970, so that a day of 23 hours does not exist. NaN for what is no day of the years 0 to 9999. */
export function dayNumber(iso: string): number {
  return Date.parse(`${iso.slice(0, 10)}T00:00:00Z`) / DAY;
}

export function dayText(day: number): string {
  return new Date(Math.round(day) * DAY).toISOString().slice(0, 10);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Ticks at the starts of years, months or days, whichever gives about `count`. The range is one of `dayNumber`'s. */
export function dayTicks(domain: readonly [number, number], count: number): readonly Tick[] {
  const span = domain[1] - domain[0];
  if (span > 365 * 2) {
    const every = Math.max(1, Math.ceil(niceStep(span / 365.25, count)));
    return monthStarts(domain, 12 * every).map(({ at, year }) => ({ at, label: String(year) }));
  }
  if (span > 60) {
    const every = [1, 2, 3, 6].find((months) => span / 30.4 / months <= count) ?? 6;
    return monthStarts(domain, every).map(({ at, year, month }) => ({ at, label: month === 0 ? String(year) : MONTHS[month]! }));
  }
  const every = Math.max(1, Math.ceil(span / count));
  const ticks: Tick[] = [];
  for (let at = Math.ceil(domain[0]); at <= domain[1]; at += every) {
    const date = new Date(at * DAY);
    ticks.push({ at, label: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]!}` });
  }
  return ticks;
}

/** First days of months inside a range, each whose number (counted from year 0) is a multiple of `every`. */
function monthStarts(domain: readonly [number, number], every: number): readonly { at: number; year: number; month: number }[] {
  const start = new Date(Math.floor(domain[0]) * DAY);
  const found: { at: number; year: number; month: number }[] = [];
  for (let index = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / every) * every; ; index += every) {
    const [year, month] = [Math.floor(index / 12), index % 12];
    const at = Date.UTC(year, month, 1) / DAY;
    if (at > domain[1]) return found;
    if (at >= domain[0]) found.push({ at, year, month });
  }
}
