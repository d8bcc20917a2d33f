/** The logistic function 1 / (1 + e⁻ˣ). The exponent is never positive, so nothing overflows at either end. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const exponential = Math.exp(x);
  return exponential / (1 + exponential);
}
