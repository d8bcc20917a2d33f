import type { Place } from '../ir/index.ts';

/** In the order of the pipeline, and for each node in the order of the items. */
export function byPlace<T extends { readonly node: string; readonly items: readonly number[] }>(places: ReadonlyMap<string, Place>, summaries: readonly T[]): readonly T[] {
  const ranks = new Map([...places.keys()].map((id, rank) => [id, rank]));
  return [...summaries].sort((a, b) => (ranks.get(a.node) ?? 0) - (ranks.get(b.node) ?? 0) || compareItems(a.items, b.items));
}

function compareItems(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) if (a[index] !== b[index]) return a[index]! - b[index]!;
  return a.length - b.length;
}
