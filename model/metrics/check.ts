/** Throws RangeError unless `labels` holds at least one day and only 0 (not up) and 1 (up). */
export function checkLabels(labels: ArrayLike<number>): void {
  if (labels.length === 0) throw new RangeError('A score needs at least one day; got none.');
  for (let day = 0; day < labels.length; day++) {
    const label = labels[day];
    if (label !== 0 && label !== 1) throw new RangeError(`The label of day ${day} is ${label}; it must be 0 or 1.`);
  }
}

/** Throws RangeError unless there is one finite score per label, and the labels pass {@link checkLabels}. */
export function checkScores(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  checkLabels(labels);
  if (scores.length !== labels.length) {
    throw new RangeError(`A score needs as many predictions as labels; got ${scores.length} and ${labels.length}.`);
  }
  for (let day = 0; day < scores.length; day++) {
    if (!Number.isFinite(scores[day])) throw new RangeError(`The prediction of day ${day} is ${scores[day]}; it must be a finite number.`);
  }
}

/** As {@link checkScores}, and every score is a probability, 0 … 1. */
export function checkProbabilities(labels: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  checkScores(labels, probabilities);
  for (let day = 0; day < probabilities.length; day++) {
    const probability = probabilities[day]!;
    if (probability < 0 || probability > 1) {
      throw new RangeError(`The prediction of day ${day} is ${probability}; a probability lies between 0 and 1.`);
    }
  }
}
