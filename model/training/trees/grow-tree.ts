import type { TreesSettings } from '../settings.ts';
import type { BinEdges } from './bins.ts';

/** The rows as a tree sees them. */
export interface GrowRequest {
  readonly rows: number;
  readonly edges: BinEdges;
  /** As `binRows` gives them. */
  readonly binned: Uint8Array;
  readonly slopes: Float64Array;
  readonly curvatures: Float64Array;
  /** Row numbers that the tree learns from; put in another order. */
  readonly chosen: Int32Array;
  /** Columns that it may ask, ascending. */
  readonly columns: ArrayLike<number>;
  readonly settings: TreesSettings;
}

/** A tree over bins: node 0 is the root, children lie side by side behind their parent. */
export interface GrownTree {
  /** Column, or −1 for a leaf. */
  readonly column: number[];
  readonly left: number[];
  /** Bins up to this one go left; of no meaning in a leaf. */
  readonly bin: number[];
  /** Of a leaf: what it adds to the score, shrunk. */
  readonly value: number[];
}

interface Split {
  readonly column: number;
  readonly bin: number;
  readonly gain: number;
}

interface Sums {
  readonly slope: number;
  readonly curvature: number;
}

const MOST_BINS = 256;

/**
 * Grows one tree, level by level, by the second-order gain of Chen and Guestrin (2016, equations 5 and 7): a leaf with the
 * sums G and H of its rows' derivatives answers −G / (H + λ), and a split is worth
 * G_L² / (H_L + λ) + G_R² / (H_R + λ) − G² / (H + λ), which must be above 0. The first of equal splits is taken, columns
 * and bins in order.
 */
export function growTree(request: GrowRequest): GrownTree {
  const { rows, binned, chosen, settings } = request;
  const tree: GrownTree = { column: [-1], left: [0], bin: [0], value: [0] };
  const spare = new Int32Array(chosen.length);
  const open = [{ node: 0, from: 0, to: chosen.length, depth: 0 }];
  for (let at = 0; at < open.length; at++) {
    const { node, from, to, depth } = open[at]!;
    const mine = chosen.subarray(from, to);
    const sums = sumUp(request, mine);
    const split = depth < settings.maxDepth ? findSplit(request, mine, sums) : undefined;
    if (split === undefined) {
      tree.value[node] = (settings.learningRate * -sums.slope) / (sums.curvature + settings.l2);
      continue;
    }
    const middle = from + partition(mine, spare, binned.subarray(split.column * rows, (split.column + 1) * rows), split.bin);
    const left = tree.column.length;
    tree.column[node] = split.column;
    tree.bin[node] = split.bin;
    tree.left[node] = left;
    for (let child = 0; child < 2; child++) {
      tree.column.push(-1);
      tree.left.push(0);
      tree.bin.push(0);
      tree.value.push(0);
    }
    open.push({ node: left, from, to: middle, depth: depth + 1 }, { node: left + 1, from: middle, to, depth: depth + 1 });
  }
  return tree;
}

/** What the tree adds to a row's score. */
export function walk(tree: GrownTree, binned: Uint8Array, rows: number, row: number): number {
  let node = 0;
  while (tree.column[node]! >= 0) node = tree.left[node]! + (binned[tree.column[node]! * rows + row]! <= tree.bin[node]! ? 0 : 1);
  return tree.value[node]!;
}

function sumUp({ slopes, curvatures }: GrowRequest, chosen: Int32Array): Sums {
  let [slope, curvature] = [0, 0];
  for (let at = 0; at < chosen.length; at++) {
    slope += slopes[chosen[at]!]!;
    curvature += curvatures[chosen[at]!]!;
  }
  return { slope, curvature };
}

function findSplit(request: GrowRequest, chosen: Int32Array, all: Sums): Split | undefined {
  const { rows, edges, binned, slopes, curvatures, columns, settings } = request;
  const { minRows, minChildWeight, l2 } = settings;
  const worth = (slope: number, curvature: number): number => (slope * slope) / (curvature + l2);
  const before = worth(all.slope, all.curvature);
  const [slopeOf, curvatureOf, rowsOf] = [new Float64Array(MOST_BINS), new Float64Array(MOST_BINS), new Int32Array(MOST_BINS)];
  let best: Split | undefined;
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!;
    const bins = edges[column]!.length + 1;
    slopeOf.fill(0, 0, bins);
    curvatureOf.fill(0, 0, bins);
    rowsOf.fill(0, 0, bins);
    const offset = column * rows;
    for (let each = 0; each < chosen.length; each++) {
      const row = chosen[each]!;
      const bin = binned[offset + row]!;
      slopeOf[bin]! += slopes[row]!;
      curvatureOf[bin]! += curvatures[row]!;
      rowsOf[bin]!++;
    }
    let [slope, curvature, count] = [0, 0, 0];
    for (let bin = 0; bin < bins - 1; bin++) {
      slope += slopeOf[bin]!;
      curvature += curvatureOf[bin]!;
      count += rowsOf[bin]!;
      if (count < minRows || curvature < minChildWeight) continue;
      if (chosen.length - count < minRows || all.curvature - curvature < minChildWeight) break;
      const gain = worth(slope, curvature) + worth(all.slope - slope, all.curvature - curvature) - before;
      if (gain > (best?.gain ?? 0)) best = { column, bin, gain };
    }
  }
  return best;
}

/** Rows of the left child first, both in the order they had. Answers how many go left. */
function partition(rows: Int32Array, spare: Int32Array, bins: Uint8Array, bin: number): number {
  let [left, right] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (bins[row]! <= bin) rows[left++] = row;
    else spare[right++] = row;
  }
  rows.set(spare.subarray(0, right), left);
  return left;
}
