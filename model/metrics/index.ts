/** Metrics: how good a forecast was, as a classifier, as a probability and as a strategy. */
export { calibrationBins, expectedCalibrationError, type CalibrationBin } from './calibration.ts';
export {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  f1,
  matthewsCorrelation,
  precision,
  predictedClasses,
  recall,
  UP_FROM,
  type ConfusionMatrix,
} from './confusion.ts';
export { brierScore, dailyLogLoss, LEAST_PROBABILITY, logLoss } from './probability.ts';
export { classificationReport, tradingReport, type ClassificationReport, type TradingReport } from './report.ts';
export { areaUnderRoc, rocPoints, type RocPoint } from './roc.ts';
export {
  buyAndHold,
  maximumDrawdown,
  positionsOf,
  sharpeRatio,
  simulateTrading,
  TRADING_DAYS_A_YEAR,
  type TradingRun,
} from './trading.ts';
