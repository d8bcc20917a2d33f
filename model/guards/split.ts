import { checkWhole } from '../splits/check.ts';

export const SPLIT_GUARD = 'split guard';

/** The parts of a table in the order in which they must come. */
const PARTS = ['train', 'validation', 'test'] as const;

/**
 * The split guard: what a model is judged on must lie after what it learnt from, and far enough. `part` names the part of
 * every row, oldest first; rows that belong to none may be called anything else. Days must rise, each part must be one
 * block, train before validation before test, and between two parts at least `horizonDays` rows must be left out: the
 * label of row t is decided by the close of row t + horizonDays.
 *
 * Gives a clause that says what leaks, or undefined. A shuffled split is never let through. Throws RangeError for a
 * horizon that is no whole number of 1 or more, and for columns of two lengths.
 */
export function findSplitLeak(part: readonly string[], dates: readonly string[], horizonDays: number): string | undefined {
  checkWhole('label horizon in days', horizonDays, 1);
  if (part.length !== dates.length) throw new RangeError(`The split guard needs one part per day; got ${part.length} and ${dates.length}.`);
  for (let row = 1; row < dates.length; row++) {
    if (dates[row]! <= dates[row - 1]!) return `the days do not rise: ${dates[row]} comes after ${dates[row - 1]}`;
  }
  let before: { readonly name: string; readonly last: number } | undefined;
  for (const name of PARTS) {
    const [first, last] = [part.indexOf(name), part.lastIndexOf(name)];
    if (first < 0) continue;
    const stranger = part.findIndex((own, row) => row > first && row < last && own !== name);
    if (stranger >= 0) return `the ${name} rows are no block of days: ${dates[stranger]} lies between them and is not one of them`;
    if (before !== undefined && first <= before.last) return `the ${name} rows begin on ${dates[first]}, before the ${before.name} rows end on ${dates[before.last]}`;
    if (before !== undefined && first - before.last - 1 < horizonDays) {
      return `the ${name} rows begin ${first - before.last} rows after the ${before.name} rows end, whose labels look ${horizonDays} ahead; ${horizonDays} between them must be left out`;
    }
    before = { name, last };
  }
  return undefined;
}
