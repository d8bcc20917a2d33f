import { checkWhole } from './check.ts';
import type { Fold } from './fold.ts';
import type { RowRange } from './ranges.ts';

export interface WalkForwardOptions {
  /** Rows of the feature table. */
  readonly rows: number;
  /** First row with complete features. Default 0. */
  readonly firstRow?: number;
  /** Days from a row to the close that decides its label; the last `horizonDays` rows have none and belong to no part. */
  readonly horizonDays: number;
  /** `expanding`: train on everything so far. `rolling`: on the last `trainRows` rows. */
  readonly window: 'expanding' | 'rolling';
  /** Rows of the first training part, and with `rolling` of every one. */
  readonly trainRows: number;
  /** Rows between training and test that decide when to stop, a purge on either side. Default 0. */
  readonly validationRows?: number;
  /** Rows judged by one model, before the next is fitted. The last block may be shorter. */
  readonly testRows: number;
  /** Rows left out between two parts. Default `horizonDays`, and never less. */
  readonly purgeDays?: number;
}

/**
 * The honest replay of production: fit, predict the next block, move on. Test blocks follow one another without a gap,
 * so every row after the first training part is judged once, by a model that knew only what was over before. Training
 * rows never come after test rows, so no embargo is needed. Oldest fold first.
 *
 * Throws RangeError for options that make no sense, and when there is nothing to judge.
 */
export function walkForward(options: WalkForwardOptions): readonly Fold[] {
  const { rows, firstRow = 0, horizonDays, window, trainRows, validationRows = 0, testRows, purgeDays = horizonDays } = options;
  checkWhole('number of rows', rows, 0);
  checkWhole('first row', firstRow, 0);
  checkWhole('label horizon in days', horizonDays, 1);
  checkWhole('number of training rows', trainRows, 1);
  checkWhole('number of validation rows', validationRows, 0);
  checkWhole('number of test rows', testRows, 1);
  checkWhole('purge in days', purgeDays, horizonDays);
  const end = rows - horizonDays;
  const beforeTest = validationRows === 0 ? purgeDays : validationRows + 2 * purgeDays;
  const firstTest = firstRow + trainRows + beforeTest;
  if (firstTest >= end) {
    throw new RangeError(
      `${rows} rows are too few to walk forward: ${firstRow} are incomplete, ${trainRows} train, ${beforeTest} are validation and purge, ` +
        `${horizonDays} have no label, and none is left to judge.`,
    );
  }
  const folds: Fold[] = [];
  for (let from = firstTest; from < end; from += testRows) {
    const trainTo = from - beforeTest;
    const train = { from: window === 'expanding' ? firstRow : trainTo - trainRows, to: trainTo };
    const test = { from, to: Math.min(end, from + testRows) };
    const validation: RowRange[] = validationRows === 0 ? [] : [{ from: trainTo + purgeDays, to: from - purgeDays }];
    const purged = validationRows === 0 ? [{ from: trainTo, to: from }] : [{ from: trainTo, to: trainTo + purgeDays }, { from: from - purgeDays, to: from }];
    folds.push({ train: [train], validation, test: [test], purged, embargoed: [] });
  }
  return folds;
}
