import { decomposeBrier, type BrierDecomposition } from './brier-decomposition.ts';
import { UP_FROM, type ConfusionMatrix } from './confusion.ts';
import { dailyLogLoss } from './probability.ts';
import { orderByScore } from './rank.ts';

/** Days with a forecast, and what several figures of them share, computed when first asked for. */
export interface ForecastDays {
  /** What happened: 1 up, 0 not up. */
  readonly labels: Float64Array;
  /** Probability of up. */
  readonly probabilities: Float64Array;
  /** Log-loss and squared error of every day: computed once, however often a day is drawn. */
  readonly losses: Float64Array;
  readonly squares: Float64Array;
  confusion(): ConfusionMatrix;
  /** With 10 bins of an equal count of days. */
  decomposition(): BrierDecomposition;
}

/** Bins of calibration figures; 10 is the custom. */
export const BINS = 10;

export function forecastDays(labels: Float64Array, probabilities: Float64Array): ForecastDays {
  const losses = dailyLogLoss(labels, probabilities);
  const squares = probabilities.map((probability, day) => (probability - labels[day]!) ** 2);
  return daysOf(labels, probabilities, losses, squares);
}

/** The same for days whose losses are known. */
export function daysOf(labels: Float64Array, probabilities: Float64Array, losses: Float64Array, squares: Float64Array): ForecastDays {
  let confusion: ConfusionMatrix | undefined;
  let decomposition: BrierDecomposition | undefined;
  return {
    labels,
    probabilities,
    losses,
    squares,
    confusion: () => (confusion ??= countDays(labels, probabilities)),
    decomposition: () => (decomposition ??= decomposeBrier(labels, probabilities, BINS, 'equal count')),
  };
}

/**
 * Draws days from a forecast. None of its figures asks for the order of days, so they come by rising probability, which
 * spares every figure that sorts them the sorting.
 */
export function drawerOf(labels: Float64Array, probabilities: Float64Array): (drawn: Uint32Array) => ForecastDays {
  const order = orderByScore(probabilities);
  const whole = forecastDays(labels, probabilities);
  const rank = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at++) rank[order[at]!] = at;
  return (drawn) => {
    const ranks = drawn.map((day) => rank[day]!).sort();
    const [happened, said, loss, square] = [0, 0, 0, 0].map(() => new Float64Array(ranks.length)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let at = 0; at < ranks.length; at++) {
      const day = order[ranks[at]!]!;
      happened[at] = labels[day]!;
      said[at] = probabilities[day]!;
      loss[at] = whole.losses[day]!;
      square[at] = whole.squares[day]!;
    }
    return daysOf(happened, said, loss, square);
  };
}

/** As `confusionMatrix` of `predictedClasses`, for days that were checked already. */
function countDays(labels: Float64Array, probabilities: Float64Array): ConfusionMatrix {
  let [truePositive, falsePositive, positive] = [0, 0, 0];
  for (let day = 0; day < labels.length; day++) {
    positive += labels[day]!;
    if (probabilities[day]! < UP_FROM) continue;
    if (labels[day] === 1) truePositive++;
    else falsePositive++;
  }
  return { truePositive, falsePositive, trueNegative: labels.length - positive - falsePositive, falseNegative: positive - truePositive };
}
