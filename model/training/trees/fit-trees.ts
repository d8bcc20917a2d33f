import type { BoostedTrees } from '../../predictor/index.ts';
import { createRandom, type Random } from '../../random.ts';
import { createEarlyStopping, type Fitted, type FittingRequest } from '../fitting.ts';
import { rowWeights } from '../labelled-rows.ts';
import type { TreesSettings } from '../settings.ts';
import { binRows, fitBins, type BinEdges } from './bins.ts';
import { derive, startScore } from './derivatives.ts';
import { growTree, walk, type GrownTree } from './grow-tree.ts';

/**
 * Gradient boosting: trees one after the other, each on the derivatives of the loss at the scores so far, by histograms
 * over bins; kept are those up to the best. Nothing but IEEE arithmetic decides a split or a leaf, and rows are summed in a fixed order: the same request
 * gives the same bits on every machine.
 */
export async function fitTrees(request: FittingRequest<TreesSettings>): Promise<Fitted<BoostedTrees>> {
  const { training, validation, settings, signal } = request;
  const weights = rowWeights(training.labels, settings);
  const edges = fitBins(training, settings.bins);
  const binned = { training: binRows(training, edges), validation: binRows(validation, edges) };
  const base = startScore(settings.loss, training.labels, weights);
  const scores = { training: new Float64Array(training.rows).fill(base), validation: new Float64Array(validation.rows).fill(base) };
  let best = scores;
  const slopes = new Float64Array(training.rows);
  const curvatures = new Float64Array(training.rows);
  const random = createRandom(settings.seed);
  const stopping = createEarlyStopping(request, settings.maxTrees);
  const trees: GrownTree[] = [];
  while (!stopping.isOver) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    derive(settings.loss, scores.training, training.labels, weights, slopes, curvatures);
    const chosen = drawShare(training.rows, settings.rowShare, random);
    const columns = drawShare(training.columns, settings.columnShare, random);
    const tree = growTree({ rows: training.rows, edges, binned: binned.training, slopes, curvatures, chosen, columns, settings });
    trees.push(tree);
    for (const part of ['training', 'validation'] as const) {
      const of = scores[part];
      for (let row = 0; row < of.length; row++) of[row]! += walk(tree, binned[part], of.length, row);
    }
    if (stopping.report(scores)) best = { training: scores.training.slice(), validation: scores.validation.slice() };
  }
  const record = stopping.record();
  return { member: flatten(trees.slice(0, record.bestEpoch), edges, base, training.columns), scores: best, ...record };
}

/** A share of the numbers 0 … count − 1, at least one, ascending; all of them without a draw when the share is 1. */
function drawShare(count: number, share: number, random: Random): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, at) => at);
  if (share === 1) return numbers;
  const wanted = Math.max(1, Math.floor(share * count));
  // The first steps of Fisher and Yates: a sample without repetition.
  for (let at = 0; at < wanted; at++) {
    const other = at + random.integer(count - at);
    [numbers[at], numbers[other]] = [numbers[other]!, numbers[at]!];
  }
  return numbers.subarray(0, wanted).sort();
}

/** All trees behind each other, with edges for bins. */
function flatten(trees: readonly GrownTree[], edges: BinEdges, base: number, inputs: number): BoostedTrees {
  const nodes = trees.reduce((sum, { column }) => sum + column.length, 0);
  const flat = { inputs, base, roots: new Int32Array(trees.length), column: new Int32Array(nodes), left: new Int32Array(nodes), number: new Float64Array(nodes) };
  let first = 0;
  for (const [at, tree] of trees.entries()) {
    flat.roots[at] = first;
    for (const [node, column] of tree.column.entries()) {
      flat.column[first + node] = column;
      flat.left[first + node] = column < 0 ? 0 : first + tree.left[node]!;
      flat.number[first + node] = column < 0 ? tree.value[node]! : edges[column]![tree.bin[node]!]!;
    }
    first += tree.column.length;
  }
  return flat;
}
