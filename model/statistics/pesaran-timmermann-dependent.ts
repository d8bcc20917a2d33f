import type { NoTest } from './no-test.ts';
import { normalCdf } from './normal.ts';

export interface DependentDirections {
  readonly kind: 'tested';
  readonly days: number;
  readonly lags: number;
  /** Correlation of label and prediction beyond what their own pasts explain, −1 … 1. */
  readonly correlation: number;
  /** Standard normal if what is predicted has nothing to do with what happens. */
  readonly statistic: number;
  /** One-sided: probability of so much skill, or more, by chance. */
  readonly skilled: number;
}

/** A residual of this share of its series is nothing but rounding. */
const NOTHING_LEFT = 1e-12;

/**
 * Skill in the direction where days depend on each other: M. H. Pesaran and A. Timmermann, JASA 104 (2009), the
 * dynamically augmented test for two categories. Labels and predictions of the last `lags` days are taken out of both by
 * least squares, and what is left must be correlated: for two categories the squared canonical correlation is the squared
 * partial correlation, and days times it is χ² with one degree of freedom; its root with the sign of the correlation is
 * the one-sided statistic. The test of 1992 sees skill in two series that are merely persistent, this one does not.
 *
 * `labels` and `predicted` hold 0 or 1, one per day, oldest first. For labels over h days take h lags or more. Undefined
 * when only one direction happened or was predicted, when one is wholly explained by the past, and for too few days.
 * Throws RangeError for two lengths, other values, and lags that are no whole number of 1 or more.
 */
export function dependentDirections(labels: ArrayLike<number>, predicted: ArrayLike<number>, lags = 1): DependentDirections | NoTest {
  if (predicted.length !== labels.length) throw new RangeError(`The Pesaran–Timmermann test needs one prediction per label; got ${predicted.length} and ${labels.length}.`);
  if (!Number.isSafeInteger(lags) || lags < 1) throw new RangeError(`Lags are a whole number of 1 or more; got ${lags}.`);
  for (let day = 0; day < labels.length; day++) {
    if ([labels[day], predicted[day]].some((value) => value !== 0 && value !== 1)) {
      throw new RangeError(`Directions are 0 or 1; day ${day} has the label ${labels[day]} and the prediction ${predicted[day]}.`);
    }
  }
  const days = labels.length - lags;
  const explained = 1 + 2 * lags;
  if (days <= 2 * explained) return { kind: 'undefined', reason: `${labels.length} days are too few for ${lags} ${lags === 1 ? 'lag' : 'lags'}` };
  const series = [labels, predicted].map((values) => Float64Array.from({ length: days }, (_, day) => values[day + lags]!));
  const past = [labels, predicted].flatMap((values) => Array.from({ length: lags }, (_, lag) => Float64Array.from({ length: days }, (_unused, day) => values[day + lags - 1 - lag]!)));
  const basis = orthonormal([new Float64Array(days).fill(1), ...past]);
  const [happened, said] = series.map((values) => residualOf(values, basis)) as [Float64Array, Float64Array];
  const [ofHappened, ofSaid] = [dot(happened, happened), dot(said, said)];
  if (ofHappened <= NOTHING_LEFT * days) return { kind: 'undefined', reason: 'what happened is wholly explained by the days before' };
  if (ofSaid <= NOTHING_LEFT * days) return { kind: 'undefined', reason: 'what was predicted is wholly explained by the days before' };
  const correlation = dot(happened, said) / Math.sqrt(ofHappened * ofSaid);
  const statistic = correlation * Math.sqrt(days);
  return { kind: 'tested', days, lags, correlation, statistic, skilled: normalCdf(-statistic) };
}

/** Gram and Schmidt, each column twice for the digits; a column that the others explain adds nothing. */
function orthonormal(columns: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const left = residualOf(residualOf(column, basis), basis);
    const size = dot(left, left);
    if (size > NOTHING_LEFT * column.length) basis.push(left.map((value) => value / Math.sqrt(size)));
  }
  return basis;
}

function residualOf(values: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const left = Float64Array.from(values);
  for (const direction of basis) {
    const share = dot(left, direction);
    for (let at = 0; at < left.length; at++) left[at]! -= share * direction[at]!;
  }
  return left;
}

function dot(first: Float64Array, second: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < first.length; at++) sum += first[at]! * second[at]!;
  return sum;
}
