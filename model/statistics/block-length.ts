/**
 * Mean block length for the stationary bootstrap of a series' mean, chosen by its own autocorrelations: D. N. Politis
 * and H. White, Econometric Reviews 23 (2004), with the corrected variance of A. Patton, D. N. Politis and H. White,
 * Econometric Reviews 28 (2009). The flat-top lag window starts where K = max(5, log₁₀ n) autocorrelations in a row are
 * below 2 √(log₁₀ n / n), as the Python package arch 8.0 counts them. In days, at least 1 (which is independence) and at
 * most ⌈min(3 √n, n / 3)⌉.
 *
 * `values` holds one number per day, oldest first. For overlapping labels pass `horizonDays`: blocks are then at least
 * twice that long, whatever the autocorrelations say. Throws RangeError for fewer than 10 days and values that are not
 * finite.
 */
export function automaticBlockLength(values: ArrayLike<number>, horizonDays = 1): number {
  const days = values.length;
  if (days < 10) throw new RangeError(`A block length needs at least 10 days; got ${days}.`);
  const longest = Math.ceil(Math.min(3 * Math.sqrt(days), days / 3));
  const least = horizonDays > 1 ? Math.min(2 * horizonDays, days) : 1;
  const gaps = gapsFromMean(values);
  const run = Math.max(5, Math.floor(Math.log10(days)));
  const lags = Math.ceil(Math.sqrt(days)) + run;
  const covariances = Float64Array.from({ length: lags + 1 }, (_, lag) => crossProduct(gaps, lag) / days);
  // A constant series: nothing depends on anything.
  if (covariances[0] === 0) return least;
  const window = Math.min(lags, windowOf(gaps, lags, run));
  let slope = 0;
  let longRunVariance = covariances[0]!;
  for (let lag = 1; lag <= window; lag++) {
    const weight = Math.min(1, 2 * (1 - lag / window));
    slope += 2 * weight * lag * covariances[lag]!;
    longRunVariance += 2 * weight * covariances[lag]!;
  }
  const best = Math.cbrt(((slope / longRunVariance) ** 2) * days);
  return Math.max(least, Math.min(longest, best));
}

/** Twice the lag after which `run` autocorrelations are insignificant; `lags` when there is none. */
function windowOf(gaps: Float64Array, lags: number, run: number): number {
  const days = gaps.length;
  const threshold = 2 * Math.sqrt(Math.log10(days) / days);
  let quiet = 0;
  for (let lag = 0; lag < lags; lag++) {
    // Each side by its own length, so that trimmed days do not shrink the correlation of a short series.
    const own = sumOfSquares(gaps, lag + 1, days) * sumOfSquares(gaps, 0, days - lag - 1);
    quiet = Math.abs(crossProduct(gaps, lag)) < threshold * Math.sqrt(own) ? quiet + 1 : 0;
    if (quiet === run) return 2 * Math.max(1, lag + 1 - run);
  }
  return lags;
}

function gapsFromMean(values: ArrayLike<number>): Float64Array {
  const series = Float64Array.from(values);
  const broken = series.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new RangeError(`A block length needs finite values; day ${broken} is ${series[broken]}.`);
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return series.map((value) => (Math.abs(value - mean) < 1e-14 * Math.abs(mean) ? 0 : value - mean));
}

function crossProduct(gaps: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < gaps.length; at++) sum += gaps[at]! * gaps[at - lag]!;
  return sum;
}

function sumOfSquares(gaps: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += gaps[at]! ** 2;
  return sum;
}
