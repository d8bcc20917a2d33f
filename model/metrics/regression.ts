/** Throws RangeError unless there is at least one day, one prediction per actual value, and all are finite. */
export function checkValues(actual: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (actual.length === 0) throw new RangeError('A score needs at least one day; got none.');
  if (predicted.length !== actual.length) {
    throw new RangeError(`A score needs as many predictions as values; got ${predicted.length} and ${actual.length}.`);
  }
  for (let day = 0; day < actual.length; day++) {
    if (Number.isFinite(actual[day]) && Number.isFinite(predicted[day])) continue;
    throw new RangeError(`Day ${day} has the value ${actual[day]} and the prediction ${predicted[day]}; both must be finite numbers.`);
  }
}

/** Mean absolute error, in the unit of the values. Throws RangeError as {@link checkValues}. */
export function meanAbsoluteError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkValues(actual, predicted);
  let sum = 0;
  for (let day = 0; day < actual.length; day++) sum += Math.abs(actual[day]! - predicted[day]!);
  return sum / actual.length;
}

/** Mean squared error, in the squared unit of the values. Throws RangeError as {@link checkValues}. */
export function meanSquaredError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  checkValues(actual, predicted);
  return squaredErrors(actual, predicted) / actual.length;
}

/** Root of the mean squared error, in the unit of the values. Throws RangeError as {@link checkValues}. */
export function rootMeanSquaredError(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Math.sqrt(meanSquaredError(actual, predicted));
}

/**
 * R²: 1 less the squared errors as a share of those of a constant. Without `benchmark` the constant is the mean of these
 * very days, which nobody knew beforehand; with it (the mean of the training days) it is the out-of-sample R² of Campbell
 * and Thompson (Review of Financial Studies 21, 2008). Below 0 the constant is better. Null when the constant makes no
 * error. Throws RangeError as {@link checkValues}, and for a benchmark that is not finite.
 */
export function rSquared(actual: ArrayLike<number>, predicted: ArrayLike<number>, benchmark?: number): number | null {
  checkValues(actual, predicted);
  if (benchmark !== undefined && !Number.isFinite(benchmark)) throw new RangeError(`The benchmark of R² is ${benchmark}; it must be a finite number.`);
  const constant = benchmark ?? Float64Array.from(actual).reduce((sum, value) => sum + value, 0) / actual.length;
  let ofConstant = 0;
  let scale = 0;
  for (let day = 0; day < actual.length; day++) {
    ofConstant += (actual[day]! - constant) ** 2;
    scale += actual[day]! ** 2;
  }
  // Equal values differ from their mean by rounding alone.
  return ofConstant > 1e-24 * scale ? 1 - squaredErrors(actual, predicted) / ofConstant : null;
}

function squaredErrors(actual: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let sum = 0;
  for (let day = 0; day < actual.length; day++) sum += (actual[day]! - predicted[day]!) ** 2;
  return sum;
}
