/** A graph by position: which vertices each one waits for, and which wait for it. */
export interface Graph {
  readonly before: readonly ReadonlySet<number>[];
  readonly after: readonly ReadonlySet<number>[];
}

/**
 * The smallest blocks into which a graph falls apart, each of more than one vertex. It falls apart side by side, into
 * parts with no edge between them, and one after the other, where everything that follows waits for everything that
 * precedes; each part falls apart further in the same way until nothing gives.
 */
export function blocksOf(graph: Graph): number[][] {
  const blocks: number[][] = [];
  const open: number[][] = [topologicalOrder(graph)];
  // A list instead of recursion: depth grows with the graph.
  for (let block = open.pop(); block; block = open.pop()) {
    const parts = sideBySide(block, graph);
    const pieces = parts.length > 1 ? parts : oneAfterTheOther(block, graph);
    if (pieces.length > 1) open.push(...pieces);
    else if (block.length > 1) blocks.push(block);
  }
  return blocks;
}

/** Everything comes after what it waits for. */
function topologicalOrder({ before, after }: Graph): number[] {
  const left = before.map(({ size }) => size);
  const order = left.flatMap((count, index) => (count === 0 ? [index] : []));
  for (const index of order) {
    for (const next of after[index]!) if (--left[next]! === 0) order.push(next);
  }
  return order;
}

/** The connected parts of a block; each keeps the order. */
function sideBySide(block: readonly number[], { before, after }: Graph): number[][] {
  const inBlock = new Set(block);
  const partOf = new Map<number, number>();
  const parts: number[][] = [];
  for (const start of block) {
    if (partOf.has(start)) continue;
    const open = [start];
    partOf.set(start, parts.length);
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      for (const other of [...before[index]!, ...after[index]!]) {
        if (!inBlock.has(other) || partOf.has(other)) continue;
        partOf.set(other, parts.length);
        open.push(other);
      }
    }
    parts.push([]);
  }
  for (const index of block) parts[partOf.get(index)!]!.push(index);
  return parts;
}

/** The block cut wherever each vertex that starts the rest waits for each that ends the beginning. */
function oneAfterTheOther(block: readonly number[], { before }: Graph): number[][] {
  const inBlock = new Set(block);
  const passed = new Set<number>();
  const ends = new Set<number>();
  const pieces: number[][] = [[]];
  for (const [position, index] of block.entries()) {
    if (ends.size > 0 && waitsForAll(before[index]!, ends)) {
      const starts = block.slice(position).filter((other) => [...before[other]!].every((one) => passed.has(one) || !inBlock.has(one)));
      if (starts.every((start) => waitsForAll(before[start]!, ends))) pieces.push([]);
    }
    pieces.at(-1)!.push(index);
    passed.add(index);
    for (const one of before[index]!) ends.delete(one);
    ends.add(index);
  }
  return pieces;
}

function waitsForAll(before: ReadonlySet<number>, ends: ReadonlySet<number>): boolean {
  if (before.size < ends.size) return false;
  for (const end of ends) if (!before.has(end)) return false;
  return true;
}
