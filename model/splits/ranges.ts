/** Rows `from` (included) to `to` (excluded). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** The same rows in rising order, without overlaps, touching ranges joined and empty ones left out. */
export function mergeRanges(ranges: readonly RowRange[]): readonly RowRange[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from >= to) continue;
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Rows of `ranges` that are in none of `taken`. */
export function subtractRanges(ranges: readonly RowRange[], taken: readonly RowRange[]): readonly RowRange[] {
  let left = mergeRanges(ranges);
  for (const gone of mergeRanges(taken)) {
    left = left.flatMap(({ from, to }) => [
      { from, to: Math.min(to, gone.from) },
      { from: Math.max(from, gone.to), to },
    ]);
    left = left.filter(({ from, to }) => from < to);
  }
  return left;
}

export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Cuts a range into `count` neighbouring ones; sizes differ by one at most, the larger ones first. */
export function cutRange({ from, to }: RowRange, count: number): readonly RowRange[] {
  const size = Math.floor((to - from) / count);
  const larger = (to - from) % count;
  const startOf = (at: number): number => from + at * size + Math.min(at, larger);
  return Array.from({ length: count }, (_, at) => ({ from: startOf(at), to: startOf(at + 1) }));
}
