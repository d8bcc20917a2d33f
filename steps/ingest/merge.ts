import { BAR_COLUMNS, type BarColumn, type Bars } from '../../model/bars.ts';
import { takeBars } from './bars.ts';

/** What to do with rows of an earlier dataset that the source tells otherwise now. */
export type OnRestatement = 'refuse' | 'take' | 'keep';

/** How the source's history differs from the one it told before. */
export interface Restatement {
  /** Changed, removed and inserted rows together; 0 for a history that is the same. */
  readonly rows: number;
  /** Days with other numbers, days that are gone, and days that were not there, oldest first. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly inserted: readonly string[];
  /** The largest change of a number, as a share of the old one; absent when no number changed. A number that was or is missing is null. */
  readonly largestChange?: Change;
  /** What every changed close was multiplied with, if that is one factor: a split looks like this. */
  readonly factor?: number;
}

export interface Change {
  readonly day: string;
  readonly column: BarColumn;
  readonly before: number | null;
  readonly after: number | null;
  /** Null where one of the two is missing or the old one is 0. */
  readonly share: number | null;
}

/**
 * Compares the days from `from` to the last of `previous`. Both have rising days. Equal is what has the same numbers, bit for bit; a missing
 * number equals a missing number.
 */
export function compareHistory(previous: Bars, fetched: Bars, from: string): Restatement {
  const last = previous.date.at(-1) ?? '';
  const isCompared = (day: string): boolean => day >= from && day <= last;
  const before = rowsByDay(previous, isCompared);
  const after = rowsByDay(fetched, isCompared);
  const changes = [...before].flatMap(([day, row]) => {
    const other = after.get(day);
    return other === undefined ? [] : changesOf(day, previous, row, fetched, other);
  });
  const changed = [...new Set(changes.map(({ day }) => day))];
  const removed = [...before.keys()].filter((day) => !after.has(day));
  const inserted = [...after.keys()].filter((day) => !before.has(day));
  const largest = changes.reduce<Change | undefined>((most, one) => (most === undefined || sizeOf(one) > sizeOf(most) ? one : most), undefined);
  const factor = commonFactor(changes);
  return {
    rows: changed.length + removed.length + inserted.length, changed, removed, inserted,
    ...(largest === undefined ? {} : { largestChange: largest }),
    ...(factor === undefined ? {} : { factor }),
  };
}

/** `previous` and the days after it; with `take` also the days from `from` on as they are fetched. */
export function mergeBars(previous: Bars, fetched: Bars, from: string, onRestatement: OnRestatement): Bars {
  const last = previous.date.at(-1) ?? '';
  const kept = onRestatement === 'take' ? rowsWhere(previous, (day) => day < from) : rowsWhere(previous, () => true);
  const added = rowsWhere(fetched, (day) => (onRestatement === 'take' ? day >= from : day > last));
  return concatenate(takeBars(previous, kept), takeBars(fetched, added));
}

/** The first day that is not after the one before it, or undefined when days rise. */
export function firstFall({ date }: Bars): string | undefined {
  return date.find((day, row) => row > 0 && day <= date[row - 1]!);
}

function changesOf(day: string, previous: Bars, row: number, fetched: Bars, other: number): Change[] {
  return BAR_COLUMNS.flatMap((column) => {
    const [before, after] = [previous[column][row]!, fetched[column][other]!];
    if (before === after || (Number.isNaN(before) && Number.isNaN(after))) return [];
    const share = Number.isNaN(before) || Number.isNaN(after) || before === 0 ? null : after / before - 1;
    return [{ day, column, before: Number.isNaN(before) ? null : before, after: Number.isNaN(after) ? null : after, share }];
  });
}

/** Changes of prices come before changes of volume, which services correct every other day. */
function sizeOf({ column, share }: Change): number {
  return (column === 'volume' ? 0 : 1e9) + Math.min(1e8, Math.abs(share ?? 1e8));
}

function commonFactor(changes: readonly Change[]): number | undefined {
  const factors = changes.filter(({ column, share }) => column === 'close' && share !== null).map(({ share }) => share! + 1);
  const [first] = factors;
  if (factors.length < 2 || first === undefined || factors.some((factor) => Math.abs(factor / first - 1) > 1e-3)) return undefined;
  return Number(first.toPrecision(4));
}

function rowsByDay({ date }: Bars, wanted: (day: string) => boolean): Map<string, number> {
  return new Map(date.flatMap((day, row) => (wanted(day) ? [[day, row] as const] : [])));
}

function rowsWhere({ date }: Bars, wanted: (day: string) => boolean): number[] {
  return date.flatMap((day, row) => (wanted(day) ? [row] : []));
}

function concatenate(a: Bars, b: Bars): Bars {
  const columns = BAR_COLUMNS.map((column) => {
    const joined = new Float64Array(a[column].length + b[column].length);
    joined.set(a[column]);
    joined.set(b[column], a[column].length);
    return [column, joined];
  });
  return { date: [...a.date, ...b.date], ...(Object.fromEntries(columns) as Omit<Bars, 'date'>) };
}
