/** Metrics: how good a forecast was, as a classifier, as a probability, as a number and as a strategy. */
export type { Binning } from './binning.ts';
export { decomposeBrier, type BrierDecomposition } from './brier-decomposition.ts';
export {
  calibrationBins,
  calibrationErrorByChance,
  debiasedCalibrationError,
  debiasedSquare,
  expectedCalibrationError,
  type CalibrationBin,
  type CalibrationChance,
} from './calibration.ts';
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
export type { Figure, MeasuredFigure, UndefinedFigure } from './figure.ts';
export { forecastFigures, type FigureOptions, type ForecastFigureName } from './forecast-figures.ts';
export { brierScore, dailyLogLoss, LEAST_PROBABILITY, logLoss } from './probability.ts';
export { meanAbsoluteError, meanSquaredError, rootMeanSquaredError, rSquared } from './regression.ts';
export { classificationReport, tradingReport, type ClassificationReport, type TradingReport } from './report.ts';
export { returnFigures, type ReturnFigureName } from './return-figures.ts';
export { areaUnderRoc, rocPoints, type RocPoint } from './roc.ts';
export { sliceFigures, type SliceFigureName, type SliceOptions, type SliceReport } from './slice-figures.ts';
export { fitTerciles, sliceByForecast, sliceByVolatility, sliceByYear, type Slice, type Terciles } from './slices.ts';
export { tradingFigures, type TradingFigureName } from './trading-figures.ts';
export {
  buyAndHold,
  maximumDrawdown,
  positionsOf,
  sharpeRatio,
  simulateTrading,
  TRADING_DAYS_A_YEAR,
  type TradingRun,
} from './trading.ts';
