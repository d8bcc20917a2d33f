import { blockLengthFor } from './block-of-days.ts';
import type { Figure } from './figure.ts';
import type { FigureOptions } from './forecast-figures.ts';
import { measureFigures, type Measure } from './measure.ts';
import { checkValues, meanAbsoluteError, meanSquaredError, rootMeanSquaredError, rSquared } from './regression.ts';

export type ReturnFigureName = 'meanAbsoluteError' | 'meanSquaredError' | 'rootMeanSquaredError' | 'rSquared';

interface ReturnDays {
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
}

/**
 * Every figure of a forecast of returns, with its interval or the reason why it does not exist. R² is against
 * `benchmark`, the mean return of the training days; without it, against the mean of these days.
 *
 * One entry per day, oldest first. Throws RangeError as `checkValues` and `measureFigures`.
 */
export function returnFigures(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: FigureOptions & { readonly benchmark?: number },
): Readonly<Record<ReturnFigureName, Figure>> {
  checkValues(actual, predicted);
  const days = { actual: Float64Array.from(actual), predicted: Float64Array.from(predicted) };
  const squares = days.actual.map((value, day) => (value - days.predicted[day]!) ** 2);
  const { benchmark, meanBlockLength = blockLengthFor([squares], options.horizonDays) } = options;
  const never = (): string => 'there are no days';
  const measures: Record<ReturnFigureName, Measure<ReturnDays>> = {
    meanAbsoluteError: { of: (sample) => meanAbsoluteError(sample.actual, sample.predicted), whyUndefined: never },
    meanSquaredError: { of: (sample) => meanSquaredError(sample.actual, sample.predicted), whyUndefined: never },
    rootMeanSquaredError: { of: (sample) => rootMeanSquaredError(sample.actual, sample.predicted), whyUndefined: never },
    rSquared: { of: (sample) => rSquared(sample.actual, sample.predicted, benchmark), whyUndefined: () => 'the returns never vary' },
  };
  return measureFigures(measures, actual.length, { ...options, meanBlockLength }, (drawn) => ({
    actual: Float64Array.from(drawn, (day) => days.actual[day]!),
    predicted: Float64Array.from(drawn, (day) => days.predicted[day]!),
  }));
}
