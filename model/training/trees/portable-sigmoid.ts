const LN2_HIGH = 6.93147180369123816490e-1;
const LN2_LOW = 1.90821492927058770002e-10;
/** Below this eˣ is 0 in double precision, or too small to matter beside 1. */
const LEAST = -700;

/**
 * eˣ for x ≤ 0 from additions, multiplications and divisions alone, which IEEE 754 rounds in one way everywhere.
 * `Math.exp` may differ in the last digit from one engine to the next (ECMA-262 §21.3.2.14 leaves it open), and one digit
 * can turn a split. x = k · ln 2 + r with |r| ≤ ½ ln 2, then the remainder by the rational approximation of fdlibm's
 * e_exp.c (Sun Microsystems, 1993); relative error below 1e-15.
 */
export function exponential(x: number): number {
  if (x < LEAST) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c = r - t * (1.66666666666666019037e-1 + t * (-2.77777777770155933842e-3 + t * (6.61375632143793436117e-5 + t * (-1.65339022054652515390e-6 + t * 4.13813679705723846039e-8))));
  return (1 - (low - (r * c) / (2 - c) - high)) * 2 ** k;
}

/** 1 / (1 + e⁻ˣ), the same bits on every machine. */
export function portableSigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exponential(-x));
  const power = exponential(x);
  return power / (1 + power);
}
