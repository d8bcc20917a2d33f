import { checkWhole } from './check.ts';

/** Rows left out around test rows, so that no model has seen what it is judged on. */
export interface Guards {
  /** Rows left out on either side of a block of test rows. */
  readonly purgeDays: number;
  /** Rows left out further on, where training goes on after a block of test rows. */
  readonly embargoDays: number;
}

/**
 * The guards that a label horizon and a longest feature window demand. Row t knows the closes t − longestWindow + 1 … t
 * by its features, and t … t + horizonDays by its label.
 *
 * - **Purge = label horizon.** Rows nearer than that to a test row share closes between the two labels.
 * - **Embargo = longest window.** A training row after a test block looks back; nearer than purge and embargo together,
 *   its features are made of the closes that decide test labels.
 *
 * Before a test block no embargo is needed: that a test row's features look back on days whose labels were trained on
 * is how the model will be used. (López de Prado, Advances in Financial Machine Learning, 2018, §7.4.) Whoever wants
 * not even that takes a purge of `horizonDays + longestWindow`.
 *
 * Both are in rows; `longestWindow` is `requiredBars` of the feature set, the row's own bar included. Throws RangeError
 * unless both are whole numbers of 1 or more.
 */
export function deriveGuards(horizonDays: number, longestWindow: number): Guards {
  checkWhole('label horizon in days', horizonDays, 1);
  checkWhole('longest feature window in days', longestWindow, 1);
  return { purgeDays: horizonDays, embargoDays: longestWindow };
}

export interface FoldOptions {
  /** Rows of the feature table. */
  readonly rows: number;
  /** First row with complete features; rows before it belong to no part. Default 0. */
  readonly firstRow?: number;
  /** Days from a row to the close that decides its label; the last `horizonDays` rows have none and belong to no part. */
  readonly horizonDays: number;
  /** Bars that the longest feature looks at, the row's own included: `requiredBars` of the feature set. */
  readonly longestWindow: number;
  /** More rows than {@link deriveGuards} demands, never fewer. */
  readonly purgeDays?: number;
  readonly embargoDays?: number;
}

/** The rows that have features and a label, and the guards. Throws RangeError for options that make no sense. */
export function readFoldOptions(options: FoldOptions): Guards & { readonly usable: { readonly from: number; readonly to: number } } {
  const { rows, firstRow = 0, horizonDays, longestWindow } = options;
  const least = deriveGuards(horizonDays, longestWindow);
  const { purgeDays = least.purgeDays, embargoDays = least.embargoDays } = options;
  checkWhole('number of rows', rows, 0);
  checkWhole('first row', firstRow, 0);
  checkWhole('purge in days', purgeDays, least.purgeDays);
  checkWhole('embargo in days', embargoDays, least.embargoDays);
  const usable = { from: firstRow, to: rows - horizonDays };
  if (usable.from >= usable.to) {
    throw new RangeError(`${rows} rows leave none to use: ${firstRow} are incomplete and ${horizonDays} have no label.`);
  }
  return { purgeDays, embargoDays, usable };
}
