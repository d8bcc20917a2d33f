import { checkLabels } from './check.ts';

/** Days by what was predicted and what happened; "positive" is up. */
export interface ConfusionMatrix {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/** A day counts as "up" from this probability on. */
export const UP_FROM = 0.5;

/**
 * Turns probabilities of "up" into predictions: 1 (up) from `threshold` on, else 0. One per day. Throws RangeError for
 * a probability that is not a number.
 */
export function predictedClasses(probabilities: ArrayLike<number>, threshold = UP_FROM): Uint8Array {
  return Uint8Array.from(probabilities, (probability, day) => {
    if (Number.isNaN(probability)) throw new RangeError(`The prediction of day ${day} is NaN; it must be a number.`);
    return probability >= threshold ? 1 : 0;
  });
}

/**
 * Counts days by label and prediction. Both hold 0 or 1, one per day. Throws RangeError for no days, other values, and
 * different lengths.
 */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>): ConfusionMatrix {
  checkLabels(labels);
  checkLabels(predicted);
  if (labels.length !== predicted.length) {
    throw new RangeError(`A score needs as many predictions as labels; got ${predicted.length} and ${labels.length}.`);
  }
  const days = [0, 0, 0, 0];
  for (let day = 0; day < labels.length; day++) days[2 * labels[day]! + predicted[day]!]! += 1;
  const [trueNegative, falsePositive, falseNegative, truePositive] = days as [number, number, number, number];
  return { truePositive, falsePositive, trueNegative, falseNegative };
}

/** Share of days predicted right, 0 … 1. */
export function accuracy(days: ConfusionMatrix): number {
  return (days.truePositive + days.trueNegative) / total(days);
}

/** Mean of the shares of up days and of other days predicted right; 0.5 is chance. Null when a class never happened. */
export function balancedAccuracy(days: ConfusionMatrix): number | null {
  const up = recall(days);
  const other = share(days.trueNegative, days.trueNegative + days.falsePositive);
  return up === null || other === null ? null : (up + other) / 2;
}

/** Of the days predicted up, the share that went up. Null when none was predicted up. */
export function precision(days: ConfusionMatrix): number | null {
  return share(days.truePositive, days.truePositive + days.falsePositive);
}

/** Of the days that went up, the share predicted up. Null when none went up. */
export function recall(days: ConfusionMatrix): number | null {
  return share(days.truePositive, days.truePositive + days.falseNegative);
}

/** Harmonic mean of precision and recall, 2 TP / (2 TP + FP + FN). Null when up was neither predicted nor happened. */
export function f1(days: ConfusionMatrix): number | null {
  return share(2 * days.truePositive, 2 * days.truePositive + days.falsePositive + days.falseNegative);
}

/**
 * Matthews correlation coefficient, −1 … 1, where 0 is chance (B. W. Matthews, Biochimica et Biophysica Acta 405,
 * 1975). 0 when a class was never predicted or never happened (Chicco and Jurman, BMC Genomics 21, 2020).
 */
export function matthewsCorrelation(days: ConfusionMatrix): number {
  const { truePositive, falsePositive, trueNegative, falseNegative } = days;
  const margins =
    (truePositive + falsePositive) * (truePositive + falseNegative) * (trueNegative + falsePositive) * (trueNegative + falseNegative);
  return margins === 0 ? 0 : (truePositive * trueNegative - falsePositive * falseNegative) / Math.sqrt(margins);
}

function total(days: ConfusionMatrix): number {
  return days.truePositive + days.falsePositive + days.trueNegative + days.falseNegative;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
