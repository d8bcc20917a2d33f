const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);
/** Beyond this many standard deviations the continued fraction converges fast, and the series would lose digits. */
const TAIL_FROM = 3;
const FRACTION_TERMS = 80;

/** Density of the standard normal distribution at `x`. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / ROOT_TWO_PI;
}

/**
 * Probability that a standard normal variable is at most `x`. The centre is summed by Abramowitz and Stegun 26.2.11,
 * the tails by their continued fraction 26.2.14, so that small tail probabilities keep their digits, too (relative
 * error below 1e-12). Throws RangeError for NaN.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('The normal distribution needs a number; got NaN.');
  if (x > TAIL_FROM) return 1 - upperTail(x);
  if (x < -TAIL_FROM) return upperTail(-x);
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > Math.abs(sum) * Number.EPSILON; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/**
 * The value that a standard normal variable stays below with probability `p`: the inverse of {@link normalCdf}, found
 * by Halley's method from Abramowitz and Stegun's start value 26.2.23. Throws RangeError unless 0 < p < 1.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile needs a probability between 0 and 1; got ${p}.`);
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 3; step++) {
    const miss = (normalCdf(x) - p) / normalDensity(x);
    x -= miss / (1 + (x * miss) / 2);
  }
  return x;
}

function upperTail(x: number): number {
  let fraction = x;
  for (let k = FRACTION_TERMS; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
