import { checkProbabilities } from './check.ts';

/** Days whose probability lies in `from` (included) … `to` (excluded; 1 belongs to the last bin). */
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
 * Reliability table with bins of equal width over 0 … 1. In a calibrated model `predicted` and `observed` agree. Throws
 * RangeError as `checkProbabilities`, and unless `bins` is a whole number of 1 or more.
 */
export function calibrationBins(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): readonly CalibrationBin[] {
  checkProbabilities(labels, probabilities);
  if (!Number.isSafeInteger(bins) || bins < 1) throw new RangeError(`A calibration table needs 1 bin or more; got ${bins}.`);
  const days = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const ups = new Float64Array(bins);
  for (let day = 0; day < labels.length; day++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[day]! * bins));
    days[bin]! += 1;
    predicted[bin]! += probabilities[day]!;
    ups[bin]! += labels[day]!;
  }
  return Array.from({ length: bins }, (_, bin) => {
    const count = days[bin]!;
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      days: count,
      predicted: count === 0 ? null : predicted[bin]! / count,
      observed: count === 0 ? null : ups[bin]! / count,
    };
  });
}

/**
 * Expected calibration error: the gap between `predicted` and `observed`, averaged over days; 0 is perfect (Naeini,
 * Cooper and Hauskrecht, AAAI 2015). Few days a bin make it look worse than it is.
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
