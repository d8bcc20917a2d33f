/** Splits: which rows a model learns from, is tuned on and is judged on. */
export { splitByTime, type RowRange, type TimeSplit, type TimeSplitOptions } from './split-by-time.ts';
