/** A dense table of numbers: `rows` × `names.length`, row by row (row-major) in `values`. */
export interface Matrix {
  readonly names: readonly string[];
  readonly rows: number;
  readonly values: Float64Array;
}
