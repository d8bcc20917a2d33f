/**
 * Daily bars of one symbol, oldest first, column by column. All columns have the same length.
 * Prices are in the index's own points, volume in shares; dates are trading days, `YYYY-MM-DD`.
 */
export interface Bars {
  readonly date: readonly string[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

export const BAR_COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
