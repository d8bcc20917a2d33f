import { blockLengthFor } from './block-of-days.ts';
import { calibrationBins, expectedCalibrationError } from './calibration.ts';
import { checkProbabilities } from './check.ts';
import { accuracy, balancedAccuracy, f1, matthewsCorrelation, precision, predictedClasses, recall, type ConfusionMatrix } from './confusion.ts';
import type { Figure } from './figure.ts';
import { BINS, drawerOf, type ForecastDays } from './forecast-days.ts';
import { measureFigures, type Measure, type MeasureOptions } from './measure.ts';
import { dailyLogLoss } from './probability.ts';
import { areaUnderRoc } from './roc.ts';

export type ForecastFigureName =
  | 'accuracy' | 'balancedAccuracy' | 'precision' | 'recall' | 'f1' | 'matthewsCorrelation' | 'areaUnderRoc'
  | 'brierScore' | 'brierReliability' | 'brierResolution' | 'logLoss' | 'calibrationError';

export interface FigureOptions extends Omit<MeasureOptions, 'meanBlockLength'> {
  /** Days from a row to the close that decides its label. */
  readonly horizonDays: number;
  /** Default: by the autocorrelations of the days (Politis and White), and at least twice the horizon of overlapping labels. */
  readonly meanBlockLength?: number;
}

/**
 * Every figure of a forecast of directions, each with an interval that keeps the dependence between days, or the reason
 * why it does not exist. The Brier parts and the calibration error use 10 bins with an equal count of days. These three
 * cannot fall below 0 and look too large on few days, in the resamples even more than on the days themselves, so their
 * intervals lie high: read the calibration error beside `calibrationErrorByChance`.
 *
 * One entry per day, oldest first; `only` names the figures that are wanted. Throws RangeError as `checkProbabilities` and
 * `measureFigures`.
 */
export function forecastFigures(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: FigureOptions & { readonly only: readonly ForecastFigureName[] },
): Partial<Readonly<Record<ForecastFigureName, Figure>>>;
export function forecastFigures(labels: ArrayLike<number>, probabilities: ArrayLike<number>, options: FigureOptions): Readonly<Record<ForecastFigureName, Figure>>;
export function forecastFigures(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: FigureOptions & { readonly only?: readonly ForecastFigureName[] },
): Partial<Readonly<Record<ForecastFigureName, Figure>>> {
  checkProbabilities(labels, probabilities);
  const happened = Float64Array.from(labels);
  const { meanBlockLength = blockLengthFor([happened, dailyLogLoss(labels, probabilities)], options.horizonDays) } = options;
  const draw = drawerOf(happened, Float64Array.from(probabilities));
  const { only } = options;
  const measures = only === undefined ? FORECAST_MEASURES : Object.fromEntries(only.map((name) => [name, FORECAST_MEASURES[name]]));
  return measureFigures(measures as typeof FORECAST_MEASURES, labels.length, { ...options, meanBlockLength }, draw);
}

const ofClasses = (figure: (days: ConfusionMatrix) => number | null, whyUndefined: (days: ForecastDays) => string): Measure<ForecastDays> => ({
  of: (days) => (days.labels.length === 0 ? null : figure(days.confusion())),
  whyUndefined: (days) => (days.labels.length === 0 ? NO_DAYS : whyUndefined(days)),
});
const ofProbabilities = (figure: (days: ForecastDays) => number | null): Measure<ForecastDays> => ({
  of: (days) => (days.labels.length === 0 ? null : figure(days)),
  whyUndefined: ({ labels }) => (labels.length === 0 ? NO_DAYS : oneDirection(labels)),
});

const NO_DAYS = 'there are no days';

export const FORECAST_MEASURES: Readonly<Record<ForecastFigureName, Measure<ForecastDays>>> = {
  accuracy: ofClasses(accuracy, () => NO_DAYS),
  balancedAccuracy: ofClasses(balancedAccuracy, ({ labels }) => oneDirection(labels)),
  precision: ofClasses(precision, () => 'up was never predicted'),
  recall: ofClasses(recall, () => 'no day went up'),
  f1: ofClasses(f1, () => 'up was neither predicted nor happened'),
  matthewsCorrelation: ofClasses(
    (days) => (hasAllMargins(days) ? matthewsCorrelation(days) : null),
    ({ labels, probabilities }) => (isConstant(labels) ? oneDirection(labels) : `only ${predictedClasses(probabilities)[0] === 1 ? 'up' : 'not up'} was predicted`),
  ),
  areaUnderRoc: ofProbabilities(({ labels, probabilities }) => areaUnderRoc(labels, probabilities)),
  brierScore: ofProbabilities(({ squares }) => meanOf(squares)),
  brierReliability: ofProbabilities((days) => days.decomposition().reliability),
  brierResolution: ofProbabilities((days) => days.decomposition().resolution),
  logLoss: ofProbabilities(({ losses }) => meanOf(losses)),
  calibrationError: ofProbabilities(({ labels, probabilities }) => expectedCalibrationError(calibrationBins(labels, probabilities, BINS, 'equal count'))),
};

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

function hasAllMargins({ truePositive, falsePositive, trueNegative, falseNegative }: ConfusionMatrix): boolean {
  return truePositive + falsePositive > 0 && trueNegative + falseNegative > 0 && truePositive + falseNegative > 0 && trueNegative + falsePositive > 0;
}

function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

function oneDirection(labels: Float64Array): string {
  return labels[0] === 1 ? 'only up days happened' : 'no day went up';
}
