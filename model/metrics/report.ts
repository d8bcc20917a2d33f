import { wilsonInterval, type Interval } from '../statistics/wilson.ts';
import { calibrationBins, expectedCalibrationError, type CalibrationBin } from './calibration.ts';
import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  f1,
  matthewsCorrelation,
  precision,
  predictedClasses,
  recall,
  type ConfusionMatrix,
} from './confusion.ts';
import { brierScore, logLoss } from './probability.ts';
import { areaUnderRoc } from './roc.ts';
import { maximumDrawdown, sharpeRatio, type TradingRun } from './trading.ts';

/** Every classification figure of one forecaster on one set of days. Plain JSON: what is undefined is null, never NaN. */
export interface ClassificationReport {
  readonly days: number;
  /** Share of days that went up. */
  readonly upShare: number;
  readonly confusion: ConfusionMatrix;
  readonly accuracy: number;
  /** Wilson's 95 % interval. It takes the days as independent, which overlapping labels are not. */
  readonly accuracyInterval: Interval;
  readonly balancedAccuracy: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly matthewsCorrelation: number;
  readonly areaUnderRoc: number | null;
  readonly brierScore: number;
  /** In nats a day. */
  readonly logLoss: number;
  readonly expectedCalibrationError: number;
  readonly calibration: readonly CalibrationBin[];
}

/** `labels` (0 or 1) and `probabilities` of up, one per day. Throws RangeError as `checkProbabilities`. */
export function classificationReport(labels: ArrayLike<number>, probabilities: ArrayLike<number>): ClassificationReport {
  const calibration = calibrationBins(labels, probabilities);
  const confusion = confusionMatrix(labels, predictedClasses(probabilities));
  const right = confusion.truePositive + confusion.trueNegative;
  return {
    days: labels.length,
    upShare: (confusion.truePositive + confusion.falseNegative) / labels.length,
    confusion,
    accuracy: accuracy(confusion),
    accuracyInterval: wilsonInterval(right, labels.length),
    balancedAccuracy: balancedAccuracy(confusion),
    precision: precision(confusion),
    recall: recall(confusion),
    f1: f1(confusion),
    matthewsCorrelation: matthewsCorrelation(confusion),
    areaUnderRoc: areaUnderRoc(labels, probabilities),
    brierScore: brierScore(labels, probabilities),
    logLoss: logLoss(labels, probabilities),
    expectedCalibrationError: expectedCalibrationError(calibration),
    calibration,
  };
}

/** The figures of one simulated strategy, after costs. Plain JSON. */
export interface TradingReport {
  readonly days: number;
  /** Gain over the whole time as a share of the starting capital. */
  readonly totalReturn: number;
  readonly meanDailyReturn: number;
  /** Annualised; null when nothing varied. */
  readonly sharpeRatio: number | null;
  readonly maximumDrawdown: number;
  /** Mean share of the capital bought or sold a day. */
  readonly dailyTurnover: number;
}

/** `run` comes from `simulateTrading` or `buyAndHold`. */
export function tradingReport({ daily, equity, turnover }: TradingRun): TradingReport {
  const days = daily.length;
  return {
    days,
    totalReturn: equity[days - 1]! - 1,
    meanDailyReturn: daily.reduce((sum, value) => sum + value, 0) / days,
    sharpeRatio: sharpeRatio(daily),
    maximumDrawdown: maximumDrawdown(equity),
    dailyTurnover: turnover.reduce((sum, value) => sum + value, 0) / days,
  };
}
