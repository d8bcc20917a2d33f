import { checkBars, sliceBars, type Bars } from '../bars.ts';
import { matrixOfColumns, type Matrix } from '../matrix.ts';
import { requiredBars, resolveFeatures, type FeatureSet } from './feature-set.ts';

/** Features of every bar: row t of `matrix` belongs to `dates[t]` and knows bars 0 … t only. */
export interface FeatureTable {
  readonly dates: readonly string[];
  /** One row per bar, one column per feature column; NaN where the warm-up is not complete. */
  readonly matrix: Matrix;
  /** First row without NaN; the number of rows when none is complete. Every later row is complete, too. */
  readonly firstComplete: number;
}

/**
 * The one feature function, for training and for serving. `bars` has n rows and the table has n. A column is NaN until
 * its declared warm-up is complete. Throws RangeError for bars that `checkBars` refuses and sets that
 * `resolveFeatures` refuses or that join another series.
 */
export function computeFeatures(bars: Bars, set: FeatureSet): FeatureTable {
  requireOneSeries(set);
  const features = resolveFeatures(set);
  checkBars(bars);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  for (const { definition, parameters, columns: columnNames, warmUp } of features) {
    names.push(...columnNames);
    for (const column of definition.compute(bars, parameters)) columns.push(column.fill(NaN, 0, warmUp - 1));
  }
  const firstComplete = Math.min(requiredBars(set) - 1, bars.date.length);
  return { dates: bars.date, matrix: matrixOfColumns(names, columns), firstComplete };
}

/**
 * The feature row of the newest bar, as a server computes it: from the last `requiredBars(set)` bars alone. Throws
 * RangeError when there are fewer bars, and as {@link computeFeatures}.
 */
export function latestFeatureRow(bars: Bars, set: FeatureSet): Float64Array {
  const needed = requiredBars(set);
  const given = bars.date.length;
  if (given < needed) throw new RangeError(`A feature row needs ${needed} bars; got ${given}.`);
  const { matrix } = computeFeatures(sliceBars(bars, given - needed), set);
  return matrix.values.slice((matrix.rows - 1) * matrix.names.length);
}

/** Throws RangeError for a set that joins another series: bars of one series alone do not give its rows. */
export function requireOneSeries({ joined }: FeatureSet): void {
  if (joined !== undefined) throw new RangeError(`The feature set joins the series "${joined.name}", so bars of one series do not give its rows.`);
}
