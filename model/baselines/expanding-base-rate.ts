interface Rows {
  readonly from: number;
  readonly to: number;
}

/**
 * The base rate as it was known on each of the rows `judged`: what a forecaster without a model would say who goes on to
 * count. The label of row t is decided by the close of row t + `horizonDays`; a row knows the labels that closes of
 * earlier rows have decided.
 *
 * One count begins with each of the rows `starts`, and their shares are averaged with the weights that their log-loss so
 * far gives them (Bayes; from the last of the starts on, where all of them count). In a steady market the longest count
 * speaks; in one that has drifted since, a later one, as a calibration on validation rows would have it. Otherwise a model
 * that knows no more than where the market drifted to would look clever beside it. Labels over h days overlap, so h of
 * them weigh as one. A share is (ups + ½) / (days + 1), as by R. Krichevsky and V. Trofimov, IEEE Transactions on
 * Information Theory 27 (1981).
 *
 * One share per judged row. Throws RangeError for no start, when no label is known before the first judged row, and for a
 * known label that is not 0 or 1.
 */
export function expandingBaseRate(labels: ArrayLike<number>, starts: readonly number[], judged: Rows, horizonDays: number): Float64Array {
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  const knownOn = (row: number): number => row - horizonDays;
  const known = knownOn(judged.from);
  if (!(first >= 0 && first < known)) throw new RangeError(`A base rate needs at least one known label; none is before row ${judged.from} of those from row ${first} on.`);
  /** Ups among the labels before each row. */
  const ups = new Float64Array(knownOn(judged.to) + 1);
  for (let row = first; row + 1 < ups.length; row++) {
    if (labels[row] !== 0 && labels[row] !== 1) throw new RangeError(`The known label of row ${row} is ${labels[row]}; it must be 0 or 1.`);
    ups[row + 1] = ups[row]! + labels[row]!;
  }
  const shareOn = (row: number, start: number): number => {
    const end = knownOn(row);
    return end <= start ? 0.5 : (ups[end]! - ups[start]! + horizonDays / 2) / (end - start + horizonDays);
  };
  const scores = starts.map(() => 0);
  let scored = last;
  return Float64Array.from({ length: judged.to - judged.from }, (_, day) => {
    const row = judged.from + day;
    for (; scored < knownOn(row); scored++) {
      for (const [at, start] of starts.entries()) {
        const share = shareOn(scored, start);
        scores[at]! += Math.log(labels[scored] === 1 ? share : 1 - share) / horizonDays;
      }
    }
    const best = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - best));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    return starts.reduce((sum, start, at) => sum + (weights[at]! / whole) * shareOn(row, start), 0);
  });
}
