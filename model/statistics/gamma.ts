/** Below this Stirling's series loses digits; the recurrence Γ(x + 1) = x Γ(x) leads up to it. */
const STIRLING_FROM = 12;

/** ln Γ(x) for x > 0, by Stirling's series (Abramowitz and Stegun 6.1.40). Throws RangeError for other x. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`ln Γ needs a number above 0; got ${x}.`);
  let shift = 0;
  let at = x;
  for (; at < STIRLING_FROM; at++) shift += Math.log(at);
  const square = at * at;
  const correction = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * square)) / square) / square) / at;
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + correction - shift;
}
