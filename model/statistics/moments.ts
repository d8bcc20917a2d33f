/** Shape of a series by its central moments (divisor n). */
export interface Moments {
  readonly mean: number;
  /** Divisor n − 1. */
  readonly deviation: number;
  /** m₃ / m₂^1.5; 0 for a symmetric series. */
  readonly skewness: number;
  /** m₄ / m₂², not in excess: 3 for a normal series. */
  readonly kurtosis: number;
}

/** Null for fewer than 2 values, or when nothing varies but by rounding. Throws RangeError for values that are not finite. */
export function momentsOf(values: ArrayLike<number>): Moments | null {
  const count = values.length;
  let sum = 0;
  for (let at = 0; at < count; at++) {
    if (!Number.isFinite(values[at])) throw new RangeError(`Moments need finite values; day ${at} is ${values[at]}.`);
    sum += values[at]!;
  }
  const mean = sum / count;
  const power = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    const gap = values[at]! - mean;
    power[0]! += gap ** 2;
    power[1]! += gap ** 3;
    power[2]! += gap ** 4;
  }
  const [second, third, fourth] = power.map((total) => total / count) as [number, number, number];
  const deviation = Math.sqrt((second * count) / (count - 1));
  if (!(deviation > 1e-12 * Math.abs(mean))) return null;
  return { mean, deviation, skewness: third / second ** 1.5, kurtosis: fourth / second ** 2 };
}
