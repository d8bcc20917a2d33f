/** A dense table of numbers: `rows` × `names.length`, row by row (row-major) in `values`. */
export interface Matrix {
  readonly names: readonly string[];
  readonly rows: number;
  readonly values: Float64Array;
}

/**
 * Puts columns side by side: `columns[j]` becomes the column called `names[j]`. With no columns there are no rows.
 * Throws RangeError when the numbers of names and columns differ or the columns have different lengths.
 */
export function matrixOfColumns(names: readonly string[], columns: readonly ArrayLike<number>[]): Matrix {
  if (names.length !== columns.length) {
    throw new RangeError(`A matrix needs one name per column; got ${names.length} names for ${columns.length} columns.`);
  }
  const rows = columns[0]?.length ?? 0;
  const width = columns.length;
  const values = new Float64Array(rows * width);
  for (const [at, column] of columns.entries()) {
    if (column.length !== rows) {
      throw new RangeError(`A matrix needs columns of one length: ${names[0]} has ${rows} rows, ${names[at]} has ${column.length}.`);
    }
  }
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < width; at++) values[row * width + at] = columns[at]![row]!;
  }
  return { names, rows, values };
}

/** A copy of one column, `rows` long. Throws RangeError when the matrix has no column of that name. */
export function columnOf(matrix: Matrix, name: string): Float64Array {
  const at = matrix.names.indexOf(name);
  if (at < 0) throw new RangeError(`The matrix has no column ${name}; it has ${matrix.names.join(', ') || 'none'}.`);
  return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.values[row * matrix.names.length + at]!);
}

/** Rows `from` (included) to `to` (excluded), as a view on the same memory. Throws RangeError for rows that do not exist. */
export function sliceRows(matrix: Matrix, from: number, to: number): Matrix {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > matrix.rows) {
    throw new RangeError(`Rows ${from} to ${to} do not exist in a matrix of ${matrix.rows} rows.`);
  }
  const width = matrix.names.length;
  return { names: matrix.names, rows: to - from, values: matrix.values.subarray(from * width, to * width) };
}
