/**
 * Adjusted probabilities by S. Holm (Scandinavian Journal of Statistics 6, 1979): rejecting those at or below a level
 * makes a false alarm anywhere among all of them at most that likely, however the tests depend on each other. In the
 * order given. Throws RangeError unless all lie between 0 and 1.
 */
export function holmAdjust(probabilities: readonly number[]): number[] {
  const broken = probabilities.find((p) => !(p >= 0 && p <= 1));
  if (broken !== undefined) throw new RangeError(`A probability lies between 0 and 1; got ${broken}.`);
  const order = probabilities.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(probabilities.length);
  let atLeast = 0;
  for (const [rank, { p, index }] of order.entries()) {
    atLeast = Math.max(atLeast, Math.min(1, (probabilities.length - rank) * p));
    adjusted[index] = atLeast;
  }
  return adjusted;
}
