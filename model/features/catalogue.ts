import { defineFeature, type FeatureDefinition } from './definition.ts';
import { dayOfWeek, monthOfYear } from './kernels/calendar.ts';
import { exponentialMovingAverage, smoothingConvergence } from './kernels/exponential-moving-average.ts';
import { logReturn } from './kernels/log-return.ts';
import { movingAverageConvergence } from './kernels/macd.ts';
import { momentum } from './kernels/momentum.ts';
import { relativeStrengthIndex } from './kernels/relative-strength-index.ts';
import { rollingDeviation } from './kernels/rolling-deviation.ts';
import { simpleMovingAverage } from './kernels/simple-moving-average.ts';
import { volumeRatio } from './kernels/volume-ratio.ts';

/**
 * Every feature function there is. Levels drift over twenty years, so all of them are free of scale: ratios, returns,
 * an index, positions on a circle.
 */
export const FEATURES: readonly FeatureDefinition[] = [
  defineFeature({
    kind: 'log-return',
    summary: 'Logarithmic return of the close over the last `days` days.',
    inputs: ['close'],
    parameters: ['days'],
    columns: ({ days }) => [`log_return_${days}`],
    warmUp: ({ days }) => days + 1,
    compute: ({ close }, { days }) => [logReturn(close, days)],
  }),
  defineFeature({
    kind: 'momentum',
    summary: 'Rate of change of the close over the last `days` days, as a share.',
    inputs: ['close'],
    parameters: ['days'],
    columns: ({ days }) => [`momentum_${days}`],
    warmUp: ({ days }) => days + 1,
    compute: ({ close }, { days }) => [momentum(close, days)],
  }),
  defineFeature({
    kind: 'close-over-sma',
    summary: 'Close over its simple moving average of `window` days, minus 1.',
    inputs: ['close'],
    parameters: ['window'],
    columns: ({ window }) => [`close_over_sma_${window}`],
    warmUp: ({ window }) => window,
    compute: ({ close }, { window }) => [relativeTo(close, simpleMovingAverage(close, window))],
  }),
  defineFeature({
    kind: 'close-over-ema',
    summary: 'Close over its exponential moving average of `window` days, minus 1.',
    inputs: ['close'],
    parameters: ['window'],
    columns: ({ window }) => [`close_over_ema_${window}`],
    warmUp: ({ window }) => window + smoothingConvergence(2 / (window + 1)),
    compute: ({ close }, { window }) => [relativeTo(close, exponentialMovingAverage(close, window))],
  }),
  defineFeature({
    kind: 'rsi',
    summary: "Wilder's relative strength index of the close over `window` days, 0 to 100.",
    inputs: ['close'],
    parameters: ['window'],
    columns: ({ window }) => [`rsi_${window}`],
    warmUp: ({ window }) => window + 1 + smoothingConvergence(1 / window),
    compute: ({ close }, { window }) => [relativeStrengthIndex(close, window)],
  }),
  defineFeature({
    kind: 'macd',
    summary: 'MACD line and MACD histogram of the close, both over the close.',
    inputs: ['close'],
    parameters: ['fast', 'slow', 'signal'],
    columns: ({ fast, slow, signal }) => {
      const windows = `${fast}_${slow}_${signal}`;
      return [`macd_${windows}_over_close`, `macd_histogram_${windows}_over_close`];
    },
    // The signal line is an average of averages: it waits for both seeds, and the slower one decides how long.
    warmUp: ({ slow, signal }) => slow + signal - 1 + smoothingConvergence(2 / (Math.max(slow, signal) + 1)),
    compute: ({ close }, { fast, slow, signal }) => {
      const { macd, histogram } = movingAverageConvergence(close, fast, slow, signal);
      return [over(macd, close), over(histogram, close)];
    },
  }),
  defineFeature({
    kind: 'volatility',
    summary: 'Sample standard deviation of the last `window` daily logarithmic returns of the close, per day.',
    inputs: ['close'],
    parameters: ['window'],
    columns: ({ window }) => [`volatility_${window}`],
    warmUp: ({ window }) => window + 1,
    compute: ({ close }, { window }) => [rollingDeviation(logReturn(close, 1), window)],
  }),
  defineFeature({
    kind: 'volume-ratio',
    summary: 'Volume over its mean of the last `window` days; 1 is an average day.',
    inputs: ['volume'],
    parameters: ['window'],
    columns: ({ window }) => [`volume_ratio_${window}`],
    warmUp: ({ window }) => window,
    compute: ({ volume }, { window }) => [volumeRatio(volume, window)],
  }),
  defineFeature({
    kind: 'day-of-week',
    summary: 'Day of the week on a circle of 7, as sine and cosine.',
    inputs: ['date'],
    parameters: [],
    columns: () => ['day_of_week_sine', 'day_of_week_cosine'],
    warmUp: () => 1,
    compute: ({ date }) => {
      const { sine, cosine } = dayOfWeek(date);
      return [sine, cosine];
    },
  }),
  defineFeature({
    kind: 'month',
    summary: 'Month of the year on a circle of 12, as sine and cosine.',
    inputs: ['date'],
    parameters: [],
    columns: () => ['month_sine', 'month_cosine'],
    warmUp: () => 1,
    compute: ({ date }) => {
      const { sine, cosine } = monthOfYear(date);
      return [sine, cosine];
    },
  }),
];

function relativeTo(values: Float64Array, base: Float64Array): Float64Array {
  return values.map((value, row) => value / base[row]! - 1);
}

function over(values: Float64Array, base: Float64Array): Float64Array {
  return values.map((value, row) => value / base[row]!);
}
