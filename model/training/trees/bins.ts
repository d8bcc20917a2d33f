import type { PreparedRows } from '../labelled-rows.ts';

/** Where each column is cut. A value up to `edges[j][b]` and above the edge before it is in bin b. */
export type BinEdges = readonly Float64Array[];

/**
 * Cuts every column into at most `bins` bins: between neighbouring values where there are few, else at quantiles, so that
 * bins hold about as many rows. The same edges as scikit-learn's histogram boosting.
 */
export function fitBins({ rows, columns, features }: PreparedRows, bins: number): BinEdges {
  return Array.from({ length: columns }, (_, column) => {
    const sorted = Float64Array.from({ length: rows }, (_value, row) => features[row * columns + column]!).sort();
    const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
    if (distinct.length <= bins) return distinct.subarray(1).map((value, at) => (distinct[at]! + value) / 2);
    const edges = Float64Array.from({ length: bins - 1 }, (_value, at) => {
      // Quantiles of type 2 of Hyndman and Fan (1996): between two rows, the mean of both.
      const place = Math.floor(((at + 1) * rows) / bins);
      return ((at + 1) * rows) % bins === 0 ? (sorted[place - 1]! + sorted[place]!) / 2 : sorted[place]!;
    });
    return edges.filter((edge, at) => at === 0 || edge !== edges[at - 1]);
  });
}

/** The bin of every value, column by column: of row r in column j at j · rows + r. */
export function binRows({ rows, columns, features }: PreparedRows, edges: BinEdges): Uint8Array {
  const binned = new Uint8Array(rows * columns);
  for (const [column, cuts] of edges.entries()) {
    for (let row = 0; row < rows; row++) binned[column * rows + row] = binOf(cuts, features[row * columns + column]!);
  }
  return binned;
}

/** The first edge that is not below the value. */
function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
