import { createRandom } from '../random.ts';
import { binOfDays, type Binning } from './binning.ts';
import { checkProbabilities } from './check.ts';

/**
 * Days of one bin. With `equal width` their probability lies in `from` (included) … `to` (excluded; 1 belongs to the last
 * bin), with `equal count` `from` and `to` are the least and the greatest of them.
 */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly days: number;
  /** Mean probability of these days; null when there are none. */
  readonly predicted: number | null;
  /** Share of these days that went up; null when there are none. */
  readonly observed: number | null;
}

/**
 * Reliability table. In a calibrated model `predicted` and `observed` agree. With `equal count` empty bins are left out.
 * Throws RangeError as `checkProbabilities` and `binOfDays`.
 */
export function calibrationBins(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  binning: Binning = 'equal width',
): readonly CalibrationBin[] {
  checkProbabilities(labels, probabilities);
  const binOf = binOfDays(probabilities, bins, binning);
  const days = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const ups = new Float64Array(bins);
  const least = new Float64Array(bins).fill(Infinity);
  const greatest = new Float64Array(bins).fill(-Infinity);
  for (let day = 0; day < labels.length; day++) {
    const bin = binOf[day]!;
    days[bin]! += 1;
    predicted[bin]! += probabilities[day]!;
    ups[bin]! += labels[day]!;
    least[bin] = Math.min(least[bin]!, probabilities[day]!);
    greatest[bin] = Math.max(greatest[bin]!, probabilities[day]!);
  }
  return Array.from({ length: bins }, (_, bin) => {
    const count = days[bin]!;
    const bounds = binning === 'equal width' ? { from: bin / bins, to: (bin + 1) / bins } : { from: least[bin]!, to: greatest[bin]! };
    return { ...bounds, days: count, predicted: count === 0 ? null : predicted[bin]! / count, observed: count === 0 ? null : ups[bin]! / count };
  }).filter((bin) => binning === 'equal width' || bin.days > 0);
}

/**
 * Expected calibration error: the gap between `predicted` and `observed`, averaged over days; 0 is perfect (Naeini,
 * Cooper and Hauskrecht, AAAI 2015). Few days a bin make it look worse than it is: {@link calibrationErrorByChance} says
 * by how much.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  let gaps = 0;
  let days = 0;
  for (const bin of bins) {
    if (bin.predicted === null || bin.observed === null) continue;
    gaps += bin.days * Math.abs(bin.predicted - bin.observed);
    days += bin.days;
  }
  return gaps / days;
}

/**
 * Calibration error without the part that few days a bin bring by themselves: the root of Σ days share · ((predicted −
 * observed)² − observed · (1 − observed) / (days − 1)), at least 0 (A. Kumar, P. Liang and T. Ma, Verified Uncertainty
 * Calibration, NeurIPS 2019). In a calibrated model the sum is 0 on average, so it is not a mean of gaps but a root of
 * squares, and not to be compared with {@link expectedCalibrationError}. Bins of fewer than 2 days are left out; null when
 * there are no others.
 */
export function debiasedCalibrationError(bins: readonly CalibrationBin[]): number | null {
  const square = debiasedSquare(bins);
  return square === null ? null : Math.sqrt(Math.max(0, square));
}

/** The sum under the root, which may be below 0. */
export function debiasedSquare(bins: readonly CalibrationBin[]): number | null {
  let [sum, total] = [0, 0];
  for (const { days, predicted, observed } of bins) {
    if (predicted === null || observed === null || days < 2) continue;
    sum += days * ((predicted - observed) ** 2 - (observed * (1 - observed)) / (days - 1));
    total += days;
  }
  return total === 0 ? null : sum / total;
}

export interface CalibrationChance {
  /** The error that was seen. */
  readonly error: number;
  /** What a perfectly calibrated model with these very probabilities would show, on average over the simulations. */
  readonly byChance: number;
  /** Share of the simulations, the seen one included, with an error as large or larger: a one-sided p value. */
  readonly probability: number;
}

/**
 * Sets a calibration error beside the one that a perfectly calibrated model with the same probabilities would show: its
 * days are drawn by those probabilities, again and again (consistency resampling: J. Bröcker and L. A. Smith, Weather
 * and Forecasting 22, 2007). The days are taken as independent; for labels that look h days ahead, pass every h-th day.
 *
 * Throws RangeError as {@link calibrationBins}, and for fewer than 100 simulations.
 */
export function calibrationErrorByChance(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { seed, simulations = 1_000, bins = 10, binning = 'equal width' }: { readonly seed: number; readonly simulations?: number; readonly bins?: number; readonly binning?: Binning },
): CalibrationChance {
  if (!Number.isSafeInteger(simulations) || simulations < 100) throw new RangeError(`Chance needs 100 simulations or more; got ${simulations}.`);
  const error = expectedCalibrationError(calibrationBins(labels, probabilities, bins, binning));
  const binOf = binOfDays(probabilities, bins, binning);
  const random = createRandom(seed);
  const gaps = new Float64Array(bins);
  let sum = 0;
  let asLarge = 1;
  for (let simulation = 0; simulation < simulations; simulation++) {
    gaps.fill(0);
    for (let day = 0; day < probabilities.length; day++) {
      const probability = probabilities[day]!;
      gaps[binOf[day]!]! += probability - (random.uniform() < probability ? 1 : 0);
    }
    const simulated = gaps.reduce((total, gap) => total + Math.abs(gap), 0) / probabilities.length;
    sum += simulated;
    // Rounding must not make the same error smaller than itself.
    if (simulated >= error - 1e-12) asLarge++;
  }
  return { error, byChance: sum / simulations, probability: asLarge / (simulations + 1) };
}
