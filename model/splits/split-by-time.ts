import { checkWhole } from './check.ts';
import type { RowRange } from './ranges.ts';

export interface TimeSplit {
  readonly train: RowRange;
  readonly validation: RowRange;
  readonly test: RowRange;
}

export interface TimeSplitOptions {
  /** Rows of the feature table. */
  readonly rows: number;
  /** First row with complete features; rows before it belong to no part. Default 0. */
  readonly firstRow?: number;
  /** Days from a row to the close that decides its label; the last `horizonDays` rows have none and belong to no part. */
  readonly horizonDays: number;
  /** Share of the usable rows for training, between 0 and 1. */
  readonly trainShare: number;
  /** Share of the usable rows for validation, between 0 and 1. The test part gets the rest. */
  readonly validationShare: number;
  /** Rows left out between two parts. Default `horizonDays`, and never less. */
  readonly purgeDays?: number;
}

/**
 * Cuts a table into training, validation and test rows, in the order of time and never shuffled.
 *
 * Between two parts `purgeDays` rows are left out. Row t's label is decided by the close of row t + horizonDays, so with
 * a purge of at least the horizon everything that a part's labels know is over before the next part's first row begins
 * (López de Prado, Advances in Financial Machine Learning, 2018, chapter 7). An embargo is not needed: no part is
 * trained on rows that come after the rows it is judged on.
 *
 * Throws RangeError for rows, shares or horizons that make no sense, and when a part would be empty.
 */
export function splitByTime(options: TimeSplitOptions): TimeSplit {
  const { rows, firstRow = 0, horizonDays, trainShare, validationShare, purgeDays = horizonDays } = options;
  checkWhole('number of rows', rows, 0);
  checkWhole('first row', firstRow, 0);
  checkWhole('label horizon in days', horizonDays, 1);
  checkWhole('purge in days', purgeDays, horizonDays);
  if (!(trainShare > 0 && validationShare > 0 && trainShare + validationShare < 1)) {
    throw new RangeError(
      `The training and validation shares are ${trainShare} and ${validationShare}; both must be above 0 and their sum below 1.`,
    );
  }
  const end = rows - horizonDays;
  const usable = end - firstRow - 2 * purgeDays;
  const trainRows = Math.floor(usable * trainShare);
  const validationRows = Math.floor(usable * validationShare);
  const testRows = usable - trainRows - validationRows;
  if (trainRows < 1 || validationRows < 1 || testRows < 1) {
    throw new RangeError(
      `${rows} rows are too few for three parts: ${firstRow} are incomplete, ${horizonDays} have no label, ` +
        `${2 * purgeDays} are purged, and ${Math.max(0, usable)} remain.`,
    );
  }
  const train = { from: firstRow, to: firstRow + trainRows };
  const validation = { from: train.to + purgeDays, to: train.to + purgeDays + validationRows };
  return { train, validation, test: { from: validation.to + purgeDays, to: end } };
}
