import { BAR_COLUMNS, sliceBars, type Bars } from '../bars.ts';
import { columnOf } from '../matrix.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { computeFeatures, latestFeatureRow } from './compute-features.ts';
import type { FeatureSet } from './feature-set.ts';

/** A feature row that was served, as the server's log has it. */
export interface ServedRow {
  /** Day of the newest bar. */
  readonly date: string;
  readonly values: readonly number[];
  /** The bars that it was computed from; left out for a row that was looked up by its key. */
  readonly window?: { readonly bars: number; readonly digest: Digest };
}

/** How a served row and the offline path compare. */
export type SkewFinding =
  | { readonly kind: 'equal' }
  /** The dataset has no bar of that day, or too few before it. */
  | { readonly kind: 'unknown-day' }
  /** The server was sent other bars than the dataset has: the data differ, whatever the features do. */
  | { readonly kind: 'other-bars' }
  /** From the same bars another value. */
  | { readonly kind: 'skewed'; readonly column: string; readonly served: number; readonly offline: number };

/** A table knows more bars than a window; so far they may differ, in deviations of the column. See `requiredBars`. */
export const SKEW_TOLERANCE = 1e-7;

/**
 * Compares served rows with the offline path over `bars`, a dataset of the series that was served. A row with a window is
 * computed again from the same bars and must come out to the bit; every row must be that of the feature table within
 * {@link SKEW_TOLERANCE}. Throws RangeError as `computeFeatures`.
 */
export function createSkewCheck(bars: Bars, set: FeatureSet): (served: ServedRow) => SkewFinding {
  const { matrix, firstComplete } = computeFeatures(bars, set);
  const { names, values } = matrix;
  const rowOfDay = new Map(bars.date.map((date, row) => [date, row]));
  const tolerances = names.map((name) => SKEW_TOLERANCE * deviationOf(columnOf(matrix, name).subarray(firstComplete)));
  return ({ date, values: served, window }) => {
    const row = rowOfDay.get(date) ?? -1;
    if (row < firstComplete || (window && window.bars > row + 1)) return { kind: 'unknown-day' };
    const differs = (offline: ArrayLike<number>, tolerance: (column: number) => number): SkewFinding | undefined => {
      const at = names.findIndex((_, column) => !(Math.abs(served[column]! - offline[column]!) <= tolerance(column)));
      return at < 0 ? undefined : { kind: 'skewed', column: names[at]!, served: served[at]!, offline: offline[at]! };
    };
    if (window !== undefined) {
      const same = sliceBars(bars, row + 1 - window.bars, row + 1);
      if (digestOfBars(same) !== window.digest) return { kind: 'other-bars' };
      const again = differs(latestFeatureRow(same, set), () => 0);
      if (again !== undefined) return again;
    }
    return differs(values.subarray(row * names.length, (row + 1) * names.length), (column) => tolerances[column]!) ?? { kind: 'equal' };
  };
}

/** Digest of bars: their days, then column by column their numbers, 8 bytes each, little-endian. */
export function digestOfBars(bars: Bars): Digest {
  const numbers = BAR_COLUMNS.map((column) => {
    const bytes = Buffer.allocUnsafe(bars[column].length * 8);
    bars[column].forEach((value, row) => bytes.writeDoubleLE(value, row * 8));
    return bytes;
  });
  return digestOf(Buffer.concat([Buffer.from(bars.date.join()), ...numbers]));
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  // A column that never moves has no deviation to measure by; what rounding makes of it is not skew.
  return deviation > 0 ? deviation : 1;
}
