import {
  calibrationBins, calibrationErrorByChance, classificationReport, debiasedCalibrationError, forecastFigures, sliceFigures, tradingFigures, tradingReport,
  type CalibrationChance, type ClassificationReport, type Figure, type ForecastFigureName, type SliceReport, type TradingFigureName, type TradingReport,
} from '../../model/metrics/index.ts';
import type { Slice } from '../../model/metrics/index.ts';
import { BASE_RATE, type Forecast, type Judgement } from './judge.ts';

/** Figures with their intervals. Of a forecaster that names directions only, those of directions. */
export interface MeasuredForecast {
  readonly name: string;
  readonly isProbabilistic: boolean;
  readonly report: ClassificationReport;
  readonly figures: Partial<Readonly<Record<ForecastFigureName, Figure>>>;
}

export interface MeasuredStrategy {
  readonly name: string;
  readonly report: TradingReport;
  readonly figures: Readonly<Record<TradingFigureName, Figure>>;
}

export interface Measured {
  /** In the order of the judgement. */
  readonly forecasts: readonly MeasuredForecast[];
  readonly strategies: readonly MeasuredStrategy[];
  /** Of the chosen model, beside the base rate. */
  readonly slices: readonly SliceReport[];
  readonly calibration: CalibrationChance & { readonly debiased: number | null };
}

interface MeasureSettings {
  readonly horizonDays: number;
  /** Of every interval. */
  readonly resamples: number;
  readonly seed: number;
}

const OF_DIRECTIONS: readonly ForecastFigureName[] = ['accuracy', 'balancedAccuracy', 'precision', 'recall', 'f1', 'matthewsCorrelation'];

/** Every figure with its interval by a block bootstrap, beside its baselines, on the same days. */
export function measure({ labels, forecasts, strategies }: Judgement, slices: readonly Slice[], options: MeasureSettings): Measured {
  const { horizonDays, seed } = options;
  const own = forecasts[0]!.probabilities;
  const reference = forecasts.find(({ name }) => name === BASE_RATE)!.probabilities;
  const independent = (values: Float64Array): Float64Array => values.filter((_, day) => day % horizonDays === 0);
  return {
    forecasts: forecasts.map((forecast) => measureForecast(labels, forecast, options)),
    strategies: strategies.map(({ name, run }) => ({ name, report: tradingReport(run), figures: tradingFigures(run, options) })),
    slices: sliceFigures(slices, labels, own, reference, { ...options, resamples: Math.max(100, Math.round(options.resamples / 2)) }),
    calibration: {
      ...calibrationErrorByChance(independent(labels), independent(own), { seed, binning: 'equal count' }),
      debiased: debiasedCalibrationError(calibrationBins(independent(labels), independent(own), 10, 'equal count')),
    },
  };
}

function measureForecast(labels: Float64Array, { name, probabilities, isProbabilistic }: Forecast, options: MeasureSettings): MeasuredForecast {
  const figures = isProbabilistic ? forecastFigures(labels, probabilities, options) : forecastFigures(labels, probabilities, { ...options, only: OF_DIRECTIONS });
  return { name, isProbabilistic, report: classificationReport(labels, probabilities), figures };
}
