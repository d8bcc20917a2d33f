import { defineFeature, type FeatureDefinition } from './definition.ts';
import { dayOfWeek, dayOfWeekAt, monthOfYear, monthOfYearAt } from './kernels/calendar.ts';
import { exponentialFactor, exponentialMovingAverage, smoothingConvergence, startSmoothing, updateSmoothing, wilderFactor } from './kernels/exponential-moving-average.ts';
import { startLag, updateLag } from './kernels/lag.ts';
import { logReturn } from './kernels/log-return.ts';
import { movingAverageConvergence, startMacd, updateMacd } from './kernels/macd.ts';
import { momentum } from './kernels/momentum.ts';
import { relativeStrengthIndex, startStrength, updateStrength } from './kernels/relative-strength-index.ts';
import { rollingDeviation, startDeviation, updateDeviation } from './kernels/rolling-deviation.ts';
import { simpleMovingAverage, startMean, updateMean } from './kernels/simple-moving-average.ts';
import { ratioTo, volumeRatio } from './kernels/volume-ratio.ts';

/**
 * Every feature function there is. Levels drift over twenty years, so all of them are free of scale: ratios, returns,
 * an index, positions on a circle.
 */
export const FEATURES: readonly FeatureDefinition[] = [
  defineFeature({
    kind: 'log-return',
    summary: 'Logarithmic return of the close over the last `days` days.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'window',
    parameters: ['days'],
    columns: ({ days }) => [`log_return_${days}`],
    warmUp: ({ days }) => days + 1,
    compute: ({ close }, { days }) => [logReturn(close, days)],
    start: ({ days }) => startLag(days),
    update: (state, { close }) => [Math.log(close / updateLag(state, close))],
  }),
  defineFeature({
    kind: 'momentum',
    summary: 'Rate of change of the close over the last `days` days, as a share.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'window',
    parameters: ['days'],
    columns: ({ days }) => [`momentum_${days}`],
    warmUp: ({ days }) => days + 1,
    compute: ({ close }, { days }) => [momentum(close, days)],
    start: ({ days }) => startLag(days),
    update: (state, { close }) => [close / updateLag(state, close) - 1],
  }),
  defineFeature({
    kind: 'close-over-sma',
    summary: 'Close over its simple moving average of `window` days, minus 1.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'window',
    parameters: ['window'],
    columns: ({ window }) => [`close_over_sma_${window}`],
    warmUp: ({ window }) => window,
    compute: ({ close }, { window }) => [relativeTo(close, simpleMovingAverage(close, window))],
    start: ({ window }) => startMean(window),
    update: (state, { close }) => [close / updateMean(state, close) - 1],
  }),
  defineFeature({
    kind: 'close-over-ema',
    summary: 'Close over its exponential moving average of `window` days, minus 1.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'fading',
    parameters: ['window'],
    columns: ({ window }) => [`close_over_ema_${window}`],
    warmUp: ({ window }) => window + smoothingConvergence(exponentialFactor(window)),
    compute: ({ close }, { window }) => [relativeTo(close, exponentialMovingAverage(close, window))],
    start: () => startSmoothing(),
    update: (state, { close }, { window }) => [close / updateSmoothing(state, close, window, exponentialFactor(window)) - 1],
  }),
  defineFeature({
    kind: 'rsi',
    summary: "Wilder's relative strength index of the close over `window` days, 0 to 100.",
    inputs: ['close'],
    availability: 'bar',
    memory: 'fading',
    parameters: ['window'],
    columns: ({ window }) => [`rsi_${window}`],
    warmUp: ({ window }) => window + 1 + smoothingConvergence(wilderFactor(window)),
    compute: ({ close }, { window }) => [relativeStrengthIndex(close, window)],
    start: ({ window }) => startStrength(window),
    update: (state, { close }, { window }) => [updateStrength(state, close, window)],
  }),
  defineFeature({
    kind: 'macd',
    summary: 'MACD line and MACD histogram of the close, both over the close.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'fading',
    parameters: ['fast', 'slow', 'signal'],
    columns: ({ fast, slow, signal }) => {
      const windows = `${fast}_${slow}_${signal}`;
      return [`macd_${windows}_over_close`, `macd_histogram_${windows}_over_close`];
    },
    // The signal line is an average of averages: it waits for both seeds, and the slower one decides how long.
    warmUp: ({ slow, signal }) => slow + signal - 1 + smoothingConvergence(exponentialFactor(Math.max(slow, signal))),
    compute: ({ close }, { fast, slow, signal }) => {
      const { macd, histogram } = movingAverageConvergence(close, fast, slow, signal);
      return [over(macd, close), over(histogram, close)];
    },
    start: ({ fast, slow, signal }) => startMacd(fast, slow, signal),
    update: (state, { close }, { fast, slow, signal }) => {
      const [macd, histogram] = updateMacd(state, close, fast, slow, signal);
      return [macd / close, histogram / close];
    },
  }),
  defineFeature({
    kind: 'volatility',
    summary: 'Sample standard deviation of the last `window` daily logarithmic returns of the close, per day.',
    inputs: ['close'],
    availability: 'bar',
    memory: 'window',
    parameters: ['window'],
    columns: ({ window }) => [`volatility_${window}`],
    warmUp: ({ window }) => window + 1,
    compute: ({ close }, { window }) => [rollingDeviation(logReturn(close, 1), window)],
    start: ({ window }) => ({ change: startLag(1), deviation: startDeviation(window) }),
    update: ({ change, deviation }, { close }) => {
      const step = Math.log(close / updateLag(change, close));
      // The first bar has no return. Whatever stands for it has left the window when the warm-up is complete.
      return [updateDeviation(deviation, Number.isNaN(step) ? 0 : step)];
    },
  }),
  defineFeature({
    kind: 'volume-ratio',
    summary: 'Volume over its mean of the last `window` days; 1 is an average day.',
    inputs: ['volume'],
    availability: 'bar',
    memory: 'window',
    parameters: ['window'],
    columns: ({ window }) => [`volume_ratio_${window}`],
    warmUp: ({ window }) => window,
    compute: ({ volume }, { window }) => [volumeRatio(volume, window)],
    start: ({ window }) => startMean(window),
    update: (state, { volume }) => [ratioTo(updateMean(state, volume), volume)],
  }),
  defineFeature({
    kind: 'day-of-week',
    summary: 'Day of the week on a circle of 7, as sine and cosine.',
    inputs: ['date'],
    availability: 'calendar',
    memory: 'window',
    parameters: [],
    columns: () => ['day_of_week_sine', 'day_of_week_cosine'],
    warmUp: () => 1,
    compute: ({ date }) => {
      const { sine, cosine } = dayOfWeek(date);
      return [sine, cosine];
    },
    start: () => ({}),
    update: (_, { date }) => dayOfWeekAt(date),
  }),
  defineFeature({
    kind: 'month',
    summary: 'Month of the year on a circle of 12, as sine and cosine.',
    inputs: ['date'],
    availability: 'calendar',
    memory: 'window',
    parameters: [],
    columns: () => ['month_sine', 'month_cosine'],
    warmUp: () => 1,
    compute: ({ date }) => {
      const { sine, cosine } = monthOfYear(date);
      return [sine, cosine];
    },
    start: () => ({}),
    update: (_, { date }) => monthOfYearAt(date),
  }),
];

function relativeTo(values: Float64Array, base: Float64Array): Float64Array {
  return values.map((value, row) => value / base[row]! - 1);
}

function over(values: Float64Array, base: Float64Array): Float64Array {
  return values.map((value, row) => value / base[row]!);
}
