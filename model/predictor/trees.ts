/**
 * Boosted regression trees as plain numbers. A row's score is `base` plus one leaf of every tree. All nodes of all trees
 * lie one after the other; the two children of a node lie side by side and behind it.
 */
export interface BoostedTrees {
  /** Columns of a row that goes in. */
  readonly inputs: number;
  /** The score before any tree. */
  readonly base: number;
  /** The first node of each tree. */
  readonly roots: Int32Array;
  /** Per node: the column that is asked, or −1 for a leaf. */
  readonly column: Int32Array;
  /** Per node: its left child; the right one is the next. 0 for a leaf. */
  readonly left: Int32Array;
  /** Per node: a value up to this one goes left; of a leaf, what it adds to the score. */
  readonly number: Float64Array;
}

/** Throws RangeError unless every walk from a root ends in a leaf, every column exists and every number is finite. */
export function checkTrees({ inputs, base, roots, column, left, number }: BoostedTrees): void {
  if (!Number.isInteger(inputs) || inputs < 1) throw new RangeError(`Trees need a whole number of inputs, 1 or more; got ${inputs}.`);
  if (!Number.isFinite(base)) throw new RangeError(`The score before the first tree is ${base}; it must be a finite number.`);
  const nodes = column.length;
  if (left.length !== nodes || number.length !== nodes) {
    throw new RangeError(`The trees have ${nodes} columns, ${left.length} children and ${number.length} numbers; all must be one per node.`);
  }
  const lost = roots.findIndex((root) => root < 0 || root >= nodes);
  if (lost >= 0) throw new RangeError(`Tree ${lost + 1} begins at node ${roots[lost]}; there are ${nodes} nodes.`);
  for (let node = 0; node < nodes; node++) {
    if (!Number.isFinite(number[node])) throw new RangeError(`Node ${node} of the trees has the number ${number[node]}; it must be finite.`);
    if (column[node] === -1) continue;
    if (column[node]! < 0 || column[node]! >= inputs) throw new RangeError(`Node ${node} of the trees asks column ${column[node]}; the model has ${inputs} features.`);
    // Children behind their parent: no walk can turn in a circle.
    if (left[node]! <= node || left[node]! + 1 >= nodes) throw new RangeError(`Node ${node} of the trees has the children ${left[node]} and ${left[node]! + 1}; they must lie behind it, below ${nodes}.`);
  }
}

/** The trees as a function from a normalised row to its score. */
export function compileTrees(trees: BoostedTrees, input: Float64Array): () => number {
  checkTrees(trees);
  const { base, roots, column, left, number } = trees;
  return () => {
    let score = base;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree]!;
      let asked = column[node]!;
      while (asked >= 0) {
        node = left[node]! + (input[asked]! <= number[node]! ? 0 : 1);
        asked = column[node]!;
      }
      score += number[node]!;
    }
    return score;
  };
}
