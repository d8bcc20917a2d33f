/** Two samples counted in the same bins. */
export interface Histogram {
  /** Ascending; a value belongs to the first bin whose cut it is below or at, and to the last bin above all of them. One fewer than bins. */
  readonly cuts: readonly number[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/**
 * Cuts that split the two samples together into at most `bins` bins of equal counts: order statistics of the pooled
 * sample, equal ones merged. The pooled sample is used, and not the reference alone, so that the statistic treats both
 * samples alike and its null distribution can be had by exchanging rows. Throws RangeError for fewer than 2 bins, an
 * empty sample and values that are not finite.
 */
export function equalCountCuts(reference: ArrayLike<number>, current: ArrayLike<number>, bins: number): number[] {
  if (!Number.isSafeInteger(bins) || bins < 2) throw new RangeError(`A histogram needs 2 bins or more; got ${bins}.`);
  demandSample(reference, 'reference');
  demandSample(current, 'current');
  const pooled = new Float64Array(reference.length + current.length);
  pooled.set(Array.from(reference));
  pooled.set(Array.from(current), reference.length);
  pooled.sort();
  const cuts: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const cut = pooled[Math.ceil((bin * pooled.length) / bins) - 1]!;
    // A bin above the greatest value would always be empty.
    if (cut !== cuts.at(-1) && cut < pooled.at(-1)!) cuts.push(cut);
  }
  return cuts;
}

/** Counts both samples in the bins between the cuts. */
export function histogramOf(reference: ArrayLike<number>, current: ArrayLike<number>, cuts: readonly number[]): Histogram {
  return { cuts, reference: count(reference, cuts), current: count(current, cuts) };
}

/** Number of the bin, from 0, in which a value lies. */
export function binOf(value: number, cuts: readonly number[]): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= cuts[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Population stability index, Σ (p − q) ln (p / q) over the bins, where p and q are the shares of the current and of the
 * reference sample. It is Jeffreys' divergence (H. Jeffreys, Proc. Royal Society A 186, 1946). An empty bin counts as
 * half a row, so that one bin cannot make it infinite. Throws RangeError when a sample has no rows.
 */
export function psi({ reference, current }: Pick<Histogram, 'reference' | 'current'>): number {
  const referenceRows = sum(reference);
  const currentRows = sum(current);
  if (referenceRows === 0 || currentRows === 0) throw new RangeError(`A stability index needs rows in both samples; got ${referenceRows} and ${currentRows}.`);
  let index = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    // In neither sample: nothing to compare.
    if (reference[bin] === 0 && current[bin] === 0) continue;
    const expected = Math.max(0.5, reference[bin]!) / referenceRows;
    const actual = Math.max(0.5, current[bin]!) / currentRows;
    index += (actual - expected) * Math.log(actual / expected);
  }
  return index;
}

/**
 * What the index comes to on average when nothing drifts and rows are independent: (bins − 1)(1/n + 1/m), while no bin
 * is empty (B. Yurdakul, Statistical properties of the population stability index, 2018). The well-known limits 0.1 and
 * 0.2 know nothing of it.
 */
export function expectedPsi(bins: number, referenceRows: number, currentRows: number): number {
  return (bins - 1) * (1 / referenceRows + 1 / currentRows);
}

/** Throws RangeError for a sample that is empty or has a value that is not finite. */
export function demandSample(values: ArrayLike<number>, name: string): void {
  if (values.length === 0) throw new RangeError(`The ${name} sample has no values.`);
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) throw new RangeError(`The ${name} sample needs finite values; value ${at} is ${values[at]}.`);
  }
}

function count(values: ArrayLike<number>, cuts: readonly number[]): number[] {
  const counts = new Array<number>(cuts.length + 1).fill(0);
  for (let at = 0; at < values.length; at++) counts[binOf(values[at]!, cuts)]!++;
  return counts;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, one) => total + one, 0);
}
