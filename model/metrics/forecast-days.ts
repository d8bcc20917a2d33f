import { decomposeBrier, type BrierDecomposition } from './brier-decomposition.ts';
import { confusionMatrix, predictedClasses, type ConfusionMatrix } from './confusion.ts';
import { orderByScore } from './rank.ts';

/** Days with a forecast, and what several figures of them share, computed when first asked for. */
export interface ForecastDays {
  /** What happened: 1 up, 0 not up. */
  readonly labels: Float64Array;
  /** Probability of up. */
  readonly probabilities: Float64Array;
  confusion(): ConfusionMatrix;
  /** With 10 bins of an equal count of days. */
  decomposition(): BrierDecomposition;
}

/** Bins of calibration figures; 10 is the custom. */
export const BINS = 10;

export function forecastDays(labels: Float64Array, probabilities: Float64Array): ForecastDays {
  let confusion: ConfusionMatrix | undefined;
  let decomposition: BrierDecomposition | undefined;
  return {
    labels,
    probabilities,
    confusion: () => (confusion ??= confusionMatrix(labels, predictedClasses(probabilities))),
    decomposition: () => (decomposition ??= decomposeBrier(labels, probabilities, BINS, 'equal count')),
  };
}

/**
 * Draws days from a forecast. None of its figures asks for the order of days, so they come by rising probability, which
 * spares every figure that sorts them the sorting.
 */
export function drawerOf(labels: Float64Array, probabilities: Float64Array): (drawn: Uint32Array) => ForecastDays {
  const order = orderByScore(probabilities);
  const rank = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) rank[order[at]!] = at;
  return (drawn) => {
    const ranks = drawn.map((day) => rank[day]!).sort();
    const sample = { labels: new Float64Array(ranks.length), probabilities: new Float64Array(ranks.length) };
    for (let at = 0; at < ranks.length; at++) {
      const day = order[ranks[at]!]!;
      sample.labels[at] = labels[day]!;
      sample.probabilities[at] = probabilities[day]!;
    }
    return forecastDays(sample.labels, sample.probabilities);
  };
}
