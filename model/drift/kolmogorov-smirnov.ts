import { demandSample } from './psi.ts';

export interface KolmogorovSmirnov {
  /** Greatest distance between the two empirical distribution functions, 0 to 1. */
  readonly statistic: number;
  /** Asymptotic two-sided probability of such a distance, or a larger one, when both samples are independent rows of one distribution. */
  readonly probability: number;
}

/**
 * Two-sample Kolmogorov–Smirnov test (N. Smirnov, Annals of Mathematical Statistics 19, 1948). The probability is the
 * asymptotic one, with M. A. Stephens' correction for finite samples (JRSS B 32, 1970). Rows of a time series depend on
 * each other and make it far too small: see {@link blockPermutationTest}. Throws RangeError for samples that are empty
 * or not finite.
 */
export function kolmogorovSmirnov(reference: ArrayLike<number>, current: ArrayLike<number>): KolmogorovSmirnov {
  demandSample(reference, 'reference');
  demandSample(current, 'current');
  const [a, b] = [Float64Array.from(reference).sort(), Float64Array.from(current).sort()];
  let statistic = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    statistic = Math.max(statistic, Math.abs(i / a.length - j / b.length));
  }
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length));
  return { statistic, probability: kolmogorovUpperTail((root + 0.12 + 0.11 / root) * statistic) };
}

/** Probability that the supremum of a Brownian bridge exceeds `x`: Kolmogorov's two series, each where it converges fast. */
export function kolmogorovUpperTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1.18) {
    let sum = 0;
    for (let k = 1; k <= 7; k += 2) sum += Math.exp((-(k * k) * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 4; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}
