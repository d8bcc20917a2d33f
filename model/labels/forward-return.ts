/**
 * Simple return over the coming `horizonDays` rows, as a share: close[t + horizonDays] / close[t] − 1. `close` has n
 * entries, and the result has n; the last `horizonDays` rows are NaN. Throws RangeError unless `horizonDays` is a whole
 * number of 1 or more and every close is a finite number above 0.
 */
export function forwardReturn(close: Float64Array, horizonDays: number): Float64Array {
  if (!Number.isSafeInteger(horizonDays) || horizonDays < 1) {
    throw new RangeError(`The label horizon is ${horizonDays} days; it must be a whole number of 1 or more.`);
  }
  const broken = close.findIndex((price) => !(Number.isFinite(price) && price > 0));
  if (broken >= 0) throw new RangeError(`The close of row ${broken} is ${close[broken]}; a label needs finite closes above 0.`);
  return close.map((price, row) => (row + horizonDays < close.length ? close[row + horizonDays]! / price - 1 : NaN));
}
