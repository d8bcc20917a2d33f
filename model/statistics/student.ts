import { logGamma } from './gamma.ts';

/**
 * Probability that a variable of Student's t distribution with `degrees` > 0 degrees of freedom is at most `x`: by the
 * incomplete beta function (Abramowitz and Stegun 26.7.1 and 26.5.8). Small tails keep their digits. Throws RangeError
 * for NaN and for degrees that are not above 0.
 */
export function studentCdf(x: number, degrees: number): number {
  if (Number.isNaN(x)) throw new RangeError("Student's distribution needs a number; got NaN.");
  if (!(degrees > 0)) throw new RangeError(`Student's distribution needs degrees of freedom above 0; got ${degrees}.`);
  const tail = incompleteBeta(degrees / (degrees + x * x), degrees / 2, 0.5) / 2;
  return x > 0 ? 1 - tail : tail;
}

/** Regularised incomplete beta function Iₓ(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side; the other is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return front * betaFraction(x, a, b);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** The continued fraction 26.5.8, evaluated forward by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  let denominator = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let numerator = 1;
  let value = denominator;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / awayFromZero(1 + even * denominator);
    numerator = awayFromZero(1 + even / numerator);
    value *= denominator * numerator;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = 1 / awayFromZero(1 + odd * denominator);
    numerator = awayFromZero(1 + odd / numerator);
    const step = denominator * numerator;
    value *= step;
    if (Math.abs(step - 1) < Number.EPSILON) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
