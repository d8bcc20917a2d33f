import { createRandom, permutation } from '../random.ts';
import { binOf, demandSample, equalCountCuts, psi } from './psi.ts';

export interface BlockPermutationOptions {
  readonly statistic: 'psi' | 'ks';
  /** Bins of equal counts, for the stability index. */
  readonly bins: number;
  /** Rows that are moved together, so that dependence between neighbours is kept. */
  readonly blockLength: number;
  readonly permutations: number;
  readonly seed: number;
}

export interface BlockPermutation {
  readonly statistic: number;
  /** (1 + number of permutations that came to as much) / (1 + permutations): never 0 (Phipson and Smyth, SAGMB 9, 2010). */
  readonly probability: number;
  /** Mean of the statistic over the permutations: what it comes to when nothing drifts. */
  readonly usual: number;
}

/**
 * Is the distance between two stretches of one series larger than between stretches of the same lengths cut from it
 * anywhere? The rows, the reference first and both in the order of time, are cut into blocks of consecutive rows; the
 * blocks are put in random order (Fisher and Yates), and the end of the row, as long as the current sample, is compared
 * with the rest. Dependence that reaches further than a block makes the test lively: see docs/guides/validation.md for
 * measured rates. Throws RangeError for samples that are empty or not finite and for options out of range.
 */
export function blockPermutationTest(reference: ArrayLike<number>, current: ArrayLike<number>, options: BlockPermutationOptions): BlockPermutation {
  demandSample(reference, 'reference');
  demandSample(current, 'current');
  const { blockLength, permutations } = options;
  for (const [name, value] of Object.entries({ blockLength, permutations })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} is a whole number of 1 or more; got ${value}.`);
  }
  const rows = reference.length + current.length;
  const classes = options.statistic === 'psi' ? binsOf(reference, current, options.bins) : ranksOf(reference, current);
  const count = 1 + classes.reduce((most, one) => Math.max(most, one), 0);
  const distance = options.statistic === 'psi' ? psiOfCounts : ksOfCounts;
  const totals = new Int32Array(count);
  for (let row = 0; row < rows; row++) totals[classes[row]!]!++;

  const taken = new Int32Array(count);
  for (let row = reference.length; row < rows; row++) taken[classes[row]!]!++;
  const statistic = distance(totals, taken, reference.length, current.length);

  const random = createRandom(options.seed);
  const blocks = Math.ceil(rows / blockLength);
  let [asMuch, sum] = [0, 0];
  for (let trial = 0; trial < permutations; trial++) {
    taken.fill(0);
    const order = permutation(blocks, random);
    let missing = current.length;
    for (let at = 0; missing > 0; at++) {
      const start = order[at]! * blockLength;
      const end = Math.min(rows, start + Math.min(missing, blockLength));
      for (let row = start; row < end; row++) taken[classes[row]!]!++;
      missing -= end - start;
    }
    const permuted = distance(totals, taken, reference.length, current.length);
    sum += permuted;
    // Sums in another order may differ in their last digits.
    if (permuted >= statistic - 1e-12) asMuch++;
  }
  return { statistic, probability: (1 + asMuch) / (1 + permutations), usual: sum / permutations };
}

function binsOf(reference: ArrayLike<number>, current: ArrayLike<number>, bins: number): Int32Array {
  const cuts = equalCountCuts(reference, current, bins);
  return Int32Array.from([...Array.from(reference), ...Array.from(current)], (value) => binOf(value, cuts));
}

/** Rank of every value among the distinct ones. */
function ranksOf(reference: ArrayLike<number>, current: ArrayLike<number>): Int32Array {
  const values = Float64Array.from([...Array.from(reference), ...Array.from(current)]);
  const distinct = new Map<number, number>();
  for (const value of Float64Array.from(values).sort()) if (!distinct.has(value)) distinct.set(value, distinct.size);
  return Int32Array.from(values, (value) => distinct.get(value)!);
}

function psiOfCounts(totals: Int32Array, taken: Int32Array): number {
  const current = Array.from(taken);
  return psi({ current, reference: current.map((one, bin) => totals[bin]! - one) });
}

function ksOfCounts(totals: Int32Array, taken: Int32Array, referenceRows: number, currentRows: number): number {
  let [below, belowTaken, least, most] = [0, 0, 0, 0];
  for (let rank = 0; rank < totals.length; rank++) {
    below += totals[rank]! - taken[rank]!;
    belowTaken += taken[rank]!;
    // Whole numbers until the end: the distance times both counts.
    const apart = below * currentRows - belowTaken * referenceRows;
    if (apart > most) most = apart;
    else if (apart < least) least = apart;
  }
  return Math.max(most, -least) / referenceRows / currentRows;
}
