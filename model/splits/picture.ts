import type { Fold } from './fold.ts';
import { subtractRanges, type RowRange } from './ranges.ts';
import type { TimeSplit } from './split-by-time.ts';

export type RowRole = 'train' | 'validation' | 'test' | 'purged' | 'embargoed' | 'unused';

/** Neighbouring rows with one role. */
export interface RoleSegment extends RowRange {
  readonly role: RowRole;
}

/** What a picture of a split draws: one bar per fold from row 0 to `rows`. */
export interface SplitPicture {
  readonly rows: number;
  /** Of every fold the segments in rising order; together they cover every row once. */
  readonly folds: readonly (readonly RoleSegment[])[];
}

/** The picture of folds over a table of so many rows. */
export function pictureOfFolds(folds: readonly Fold[], rows: number): SplitPicture {
  return { rows, folds: folds.map((fold) => segmentsOf(fold, rows)) };
}

/** The picture of a split by time: one bar. Rows between its parts are purged. */
export function pictureOfTimeSplit({ train, validation, test }: TimeSplit, rows: number): SplitPicture {
  const purged = subtractRanges([{ from: train.from, to: test.to }], [train, validation, test]);
  return pictureOfFolds([{ train: [train], validation: [validation], test: [test], purged, embargoed: [] }], rows);
}

function segmentsOf({ train, validation, test, purged, embargoed }: Fold, rows: number): readonly RoleSegment[] {
  const known = Object.entries({ train, validation, test, purged, embargoed }).flatMap(([role, ranges]) =>
    ranges.map((range) => ({ ...range, role: role as RowRole })),
  );
  const unused = subtractRanges([{ from: 0, to: rows }], known).map((range) => ({ ...range, role: 'unused' as const }));
  return [...known, ...unused].sort((a, b) => a.from - b.from);
}
