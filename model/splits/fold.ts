import type { Guards } from './guards.ts';
import { countRows, mergeRanges, subtractRanges, type RowRange } from './ranges.ts';

/** One fold: fit on `train`, judge on `test`. All ranges rise and do not overlap. */
export interface Fold {
  readonly train: readonly RowRange[];
  /** Rows for early stopping and calibration; empty unless asked for. */
  readonly validation: readonly RowRange[];
  readonly test: readonly RowRange[];
  /** Left out because their labels reach into those of judged rows, or the reverse. */
  readonly purged: readonly RowRange[];
  /** Left out because their features look back on what decided the labels of judged rows. */
  readonly embargoed: readonly RowRange[];
}

/**
 * Judges on `test` and trains on every other usable row, but for the purge on either side of each block of test rows and
 * the embargo after it. Throws RangeError when nothing is left to train on.
 */
export function foldAround(test: readonly RowRange[], usable: RowRange, { purgeDays, embargoDays }: Guards): Fold {
  const blocks = mergeRanges(test);
  const clip = ({ from, to }: RowRange): RowRange => ({ from: Math.max(usable.from, from), to: Math.min(usable.to, to) });
  const purge = blocks.flatMap(({ from, to }) => [{ from: from - purgeDays, to: from }, { from: to, to: to + purgeDays }]).map(clip);
  const embargo = blocks.map(({ to }) => ({ from: to + purgeDays, to: to + purgeDays + embargoDays })).map(clip);
  const purged = subtractRanges(purge, blocks);
  const embargoed = subtractRanges(embargo, [...blocks, ...purged]);
  const train = subtractRanges([usable], [...blocks, ...purged, ...embargoed]);
  if (countRows(train) === 0) {
    const [first, last] = [blocks[0]!, blocks.at(-1)!];
    throw new RangeError(
      `No row is left to train on beside the test rows ${first.from} to ${last.to}: of ${usable.to - usable.from} usable rows ` +
        `${countRows(blocks)} are judged, ${countRows(purged)} purged and ${countRows(embargoed)} under embargo.`,
    );
  }
  return { train, validation: [], test: blocks, purged, embargoed };
}
