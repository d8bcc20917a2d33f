import { createRandom } from '../random.ts';

const DEFAULT_RESAMPLES = 2_000;

export interface ResampleOptions {
  readonly seed: number;
  /** Number of resamples. Default 2,000. */
  readonly resamples?: number;
  /** Mean length of a block in days. Default {@link defaultBlockLength}. */
  readonly meanBlockLength?: number;
}

export interface BootstrapOptions extends ResampleOptions {
  /** Two-sided confidence; 0.9 gives two one-sided bounds at 5 %. */
  readonly confidence: number;
}

export interface BootstrapInterval {
  /** The statistic of the values as they are. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
}

/**
 * Percentile interval by the stationary bootstrap (Politis and Romano, JASA 89, 1994): blocks of consecutive days with
 * geometric lengths, wrapped around the end, so that dependence between neighbouring days is kept. For a paired
 * comparison pass the differences, day by day.
 *
 * `values` holds one number per day, oldest first; `statistic` maps a series of the same length to a number (default:
 * the mean). The same seed gives the same interval. Throws RangeError for fewer than 2 values, values that are not
 * finite, and options out of range.
 */
export function stationaryBootstrap(
  values: ArrayLike<number>,
  options: BootstrapOptions,
  statistic: (sample: Float64Array) => number = mean,
): BootstrapInterval {
  const { confidence } = options;
  checkConfidence(confidence);
  const { estimate, statistics, standardError } = bootstrapDistribution(values, options, statistic);
  return {
    estimate,
    lower: quantileOfSorted(statistics, (1 - confidence) / 2),
    upper: quantileOfSorted(statistics, (1 + confidence) / 2),
    standardError,
  };
}

export interface BootstrapDistribution {
  /** The statistic of the values as they are. */
  readonly estimate: number;
  /** The statistic of every resample, rising. */
  readonly statistics: Float64Array;
  /** Standard deviation of the statistic over the resamples. */
  readonly standardError: number;
}

/** What {@link stationaryBootstrap} takes its interval from, for bounds of other levels. Throws RangeError likewise. */
export function bootstrapDistribution(
  values: ArrayLike<number>,
  options: ResampleOptions,
  statistic: (sample: Float64Array) => number = mean,
): BootstrapDistribution {
  const series = Float64Array.from(values);
  const broken = series.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new RangeError(`A bootstrap needs finite values; day ${broken} is ${series[broken]}.`);
  const sample = new Float64Array(series.length);
  const statistics = new Float64Array(options.resamples ?? DEFAULT_RESAMPLES);
  resampleDays(series.length, options, (days, resample) => {
    for (let day = 0; day < days.length; day++) sample[day] = series[days[day]!]!;
    statistics[resample] = statistic(sample);
  });
  statistics.sort();
  return { estimate: statistic(series), statistics, standardError: deviationOf(statistics) };
}

/**
 * Calls `visit` with the days of every resample, numbers in 0 … `days` − 1, in the order in which they follow each
 * other. The array is used again for the next resample. Throws RangeError for fewer than 2 days and options out of range.
 */
export function resampleDays(days: number, options: ResampleOptions, visit: (days: Uint32Array, resample: number) => void): void {
  const { seed, resamples = DEFAULT_RESAMPLES, meanBlockLength = defaultBlockLength(days) } = options;
  if (days < 2) throw new RangeError(`A bootstrap needs at least 2 days; got ${days}.`);
  if (!Number.isSafeInteger(resamples) || resamples < 100) {
    throw new RangeError(`A bootstrap needs 100 resamples or more; got ${resamples}.`);
  }
  if (!(meanBlockLength >= 1 && Number.isFinite(meanBlockLength))) {
    throw new RangeError(`The mean block length is ${meanBlockLength} days; it must be 1 or more.`);
  }
  const random = createRandom(seed);
  const goesOn = Math.log(1 - 1 / meanBlockLength);
  const drawn = new Uint32Array(days);
  for (let resample = 0; resample < resamples; resample++) {
    let day = 0;
    while (day < days) {
      // A geometric length: 1 and more with probability 1, k + 1 and more with probability (1 − 1/mean)ᵏ.
      const length = 1 + Math.floor(Math.log(1 - random.uniform()) / goesOn);
      const end = Math.min(days, day + length);
      for (let at = random.integer(days); day < end; day++) {
        drawn[day] = at;
        at = at + 1 === days ? 0 : at + 1;
      }
    }
    visit(drawn, resample);
  }
}

/** Throws RangeError unless 0 < confidence < 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`A confidence lies between 0 and 1; got ${confidence}.`);
}

/**
 * Block length for a series of so many days: the cube root of the length, as the best length grows for the stationary
 * bootstrap (Politis and White, Econometric Reviews 23, 2004), and at least twice the horizon of overlapping labels.
 */
export function defaultBlockLength(days: number, horizonDays = 1): number {
  return Math.max(1, Math.ceil(Math.cbrt(days)), horizonDays > 1 ? 2 * horizonDays : 1);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/** Sample deviation, divisor n − 1. */
export function deviationOf(values: Float64Array): number {
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996). */
export function quantileOfSorted(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const next = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[next]! - sorted[below]!);
}
