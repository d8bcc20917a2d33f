import { binOfDays, type Binning } from './binning.ts';
import { checkProbabilities } from './check.ts';

/** The Brier score in parts: score = reliability − resolution + uncertainty + withinBins. */
export interface BrierDecomposition {
  readonly score: number;
  /** Squared gap between probability and outcome of the bins: 0 in a calibrated model. Lower is better. */
  readonly reliability: number;
  /** How far the outcomes of the bins differ from the base rate: 0 when the forecast tells no days apart. Higher is better. */
  readonly resolution: number;
  /** Score of the base rate of these days: what the days are worth, whatever the forecast. */
  readonly uncertainty: number;
  /** What the bins hide: 0 when all days of a bin have one probability, below 0 when the forecast tells days of a bin apart. */
  readonly withinBins: number;
}

/**
 * Murphy's decomposition of the Brier score (A. H. Murphy, Journal of Applied Meteorology 12, 1973), with the part within
 * bins that makes it exact for probabilities of any value (D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe, Weather
 * and Forecasting 23, 2008). Few days a bin make reliability and resolution both too large by about the same amount.
 *
 * Throws RangeError as `checkProbabilities` and `binOfDays`.
 */
export function decomposeBrier(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  binning: Binning = 'equal width',
): BrierDecomposition {
  checkProbabilities(labels, probabilities);
  const days = labels.length;
  const binOf = binOfDays(probabilities, bins, binning);
  const count = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const ups = new Float64Array(bins);
  let score = 0;
  let up = 0;
  for (let day = 0; day < days; day++) {
    const bin = binOf[day]!;
    count[bin]! += 1;
    predicted[bin]! += probabilities[day]!;
    ups[bin]! += labels[day]!;
    score += (probabilities[day]! - labels[day]!) ** 2 / days;
    up += labels[day]! / days;
  }
  let reliability = 0;
  let resolution = 0;
  for (let bin = 0; bin < bins; bin++) {
    if (count[bin] === 0) continue;
    const share = count[bin]! / days;
    const observed = ups[bin]! / count[bin]!;
    reliability += share * (predicted[bin]! / count[bin]! - observed) ** 2;
    resolution += share * (observed - up) ** 2;
  }
  let withinBins = 0;
  for (let day = 0; day < days; day++) {
    const bin = binOf[day]!;
    const gap = probabilities[day]! - predicted[bin]! / count[bin]!;
    // The spread of the probabilities in a bin, less twice what it has to do with the outcomes.
    withinBins += (gap ** 2 - 2 * gap * (labels[day]! - ups[bin]! / count[bin]!)) / days;
  }
  return { score, reliability, resolution, uncertainty: up * (1 - up), withinBins };
}
