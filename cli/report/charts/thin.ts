export interface Point { readonly x: number; readonly y: number }

/**
 * Leaves out points that a drawing of this size cannot show. The series is cut into equal parts and of each part its
 * first, lowest, highest and last points stay, in their order: every peak is still there, and the line covers the same
 * pixels. (The idea is M4: Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014.)
 */
export function thin(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const parts = Math.max(1, Math.floor(limit / 4));
  const kept: Point[] = [];
  for (let part = 0; part < parts; part++) {
    const from = Math.floor((part * points.length) / parts);
    const to = Math.floor(((part + 1) * points.length) / parts) - 1;
    let [low, high] = [from, from];
    for (let index = from; index <= to; index++) {
      if (points[index]!.y < points[low]!.y) low = index;
      if (points[index]!.y > points[high]!.y) high = index;
    }
    for (const index of new Set([from, low, high, to].sort((a, b) => a - b))) kept.push(points[index]!);
  }
  return kept;
}

/** About `count` items at even distances, the first and the last among them. */
export function sampleEvenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, index) => items[Math.round((index * (items.length - 1)) / (count - 1))]!);
}
