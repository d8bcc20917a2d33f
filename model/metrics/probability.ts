import { checkProbabilities } from './check.ts';

/**
 * Probabilities closer to 0 or 1 than this count as this close: the resolution of the single-precision numbers that
 * models answer with. Without it one wrong certainty would make a log-loss infinite.
 */
export const LEAST_PROBABILITY = 1e-7;

/**
 * Log-loss of every day in nats: −ln of the probability that was given to what happened. One entry per day; the
 * forecast 0.5 costs ln 2 = 0.693 a day. Throws RangeError as `checkProbabilities`.
 */
export function dailyLogLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Float64Array {
  checkProbabilities(labels, probabilities);
  return Float64Array.from(labels, (label, day) => {
    const ofOutcome = label === 1 ? probabilities[day]! : 1 - probabilities[day]!;
    return -Math.log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, ofOutcome)));
  });
}

/** Mean of {@link dailyLogLoss}, in nats a day. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  return mean(dailyLogLoss(labels, probabilities));
}

/**
 * Brier score: mean squared difference between probability and label, 0 (perfect) … 1 (G. W. Brier, Monthly Weather
 * Review 78, 1950, for two classes counted once). Throws RangeError as `checkProbabilities`.
 */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilities(labels, probabilities);
  return mean(Float64Array.from(labels, (label, day) => (probabilities[day]! - label) ** 2));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
