import { sliceRows, type Matrix } from './matrix.ts';

/** Per column of a table: x becomes (x − mean) / scale. Plain JSON: it travels with the model to the server. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** Below this share of its mean's size a deviation is rounding noise, and the column counts as constant. */
const CONSTANT_SHARE = 1e-12;

/**
 * Mean and population standard deviation (divisor n) of every column over rows `from` … `to` − 1, by two passes. Fit it
 * on the training rows only: anything else would tell the model about the days it is judged on. A constant column gets
 * scale 1, so that it becomes 0 instead of NaN.
 *
 * Throws RangeError when there is no row to fit on, when rows do not exist, and for a value that is not finite.
 */
export function fitNormalisation(matrix: Matrix, rows: { readonly from: number; readonly to: number }): Normalisation {
  const { names, values, rows: count } = sliceRows(matrix, rows.from, rows.to);
  if (count === 0) throw new RangeError('A normalisation needs at least one row to be fitted on; got none.');
  const width = names.length;
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (!Number.isFinite(value)) {
      const row = rows.from + Math.floor(at / width);
      throw new RangeError(`The feature ${names[at % width]} is ${value} in row ${row}; a normalisation needs finite values.`);
    }
    mean[at % width]! += value / count;
  }
  for (let at = 0; at < values.length; at++) squares[at % width]! += (values[at]! - mean[at % width]!) ** 2;
  const scale = squares.map((sum, column) => {
    const deviation = Math.sqrt(sum / count);
    return deviation > CONSTANT_SHARE * Math.abs(mean[column]!) ? deviation : 1;
  });
  return { mean, scale };
}

/**
 * The table with every column normalised; same shape, new memory. NaN (warm-up) stays NaN. Throws RangeError when the
 * normalisation is for another number of columns.
 */
export function applyNormalisation(matrix: Matrix, { mean, scale }: Normalisation): Matrix {
  const width = matrix.names.length;
  if (mean.length !== width || scale.length !== width) {
    throw new RangeError(`The normalisation is for ${mean.length} columns; the table has ${width}.`);
  }
  const values = matrix.values.map((value, at) => (value - mean[at % width]!) / scale[at % width]!);
  return { names: matrix.names, rows: matrix.rows, values };
}
