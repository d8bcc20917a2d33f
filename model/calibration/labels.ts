/** Days that went up. Throws RangeError unless there is one label of 0 or 1 for each score, at least one, and all scores are finite. */
export function countUps(scores: Float64Array, labels: ArrayLike<number>): number {
  if (scores.length === 0 || labels.length !== scores.length) {
    throw new RangeError(`A calibration needs one label per score, at least one; got ${labels.length} labels for ${scores.length} scores.`);
  }
  let ups = 0;
  for (let row = 0; row < scores.length; row++) {
    if (!Number.isFinite(scores[row])) throw new RangeError(`The score of row ${row} is ${scores[row]}; a calibration needs finite scores.`);
    if (labels[row] !== 0 && labels[row] !== 1) throw new RangeError(`The label of row ${row} is ${labels[row]}; a calibration needs labels of 0 and 1.`);
    ups += labels[row]!;
  }
  return ups;
}
