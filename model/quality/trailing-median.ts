/**
 * Median of the `window` finite values before each one, not counting itself; NaN until so many are known. Values that
 * are not finite are passed over. Keeps the window sorted: a step costs a search and a move within the window.
 */
export function trailingMedian(values: Float64Array, window: number): Float64Array {
  const medians = new Float64Array(values.length).fill(Number.NaN);
  const sorted = new Float64Array(window);
  const arrived: number[] = [];
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (count === window) medians[row] = (sorted[(window - 1) >> 1]! + sorted[window >> 1]!) / 2;
    const value = values[row]!;
    if (!Number.isFinite(value)) continue;
    if (count === window) {
      const leaves = lowerBound(sorted, count, arrived[arrived.length - window]!);
      sorted.copyWithin(leaves, leaves + 1, count);
      count--;
    }
    const at = lowerBound(sorted, count, value);
    sorted.copyWithin(at + 1, at, count);
    sorted[at] = value;
    count++;
    arrived.push(value);
  }
  return medians;
}

/** Index of the first of `count` ascending values that is not below `value`. */
function lowerBound(sorted: Float64Array, count: number, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
