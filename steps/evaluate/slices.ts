import { rollingDeviation } from '../../model/features/kernels/rolling-deviation.ts';
import { fitTerciles, sliceByForecast, sliceByVolatility, sliceByYear, type Slice } from '../../model/metrics/index.ts';
import type { Table } from './judged-days.ts';
import type { Judgement } from './judge.ts';

/** A trading month: long enough to be called a regime, short enough to change. */
const VOLATILITY_DAYS = 20;

/**
 * The judged days by year, by volatility of the month before, and by the direction that was forecast. What counts as low
 * and high volatility is fitted on training rows.
 */
export function slicesOf(table: Pick<Table, 'dates' | 'close' | 'parts'>, { rows, forecasts }: Pick<Judgement, 'rows' | 'forecasts'>): readonly Slice[] {
  const { train } = table.parts;
  // The first row of the table has no return; a window that holds it is left out by the fit.
  const returns = table.close.map((price, row) => (row === 0 ? NaN : Math.log(price / table.close[row - 1]!)));
  const volatility = rollingDeviation(returns, VOLATILITY_DAYS);
  return [
    ...sliceByYear(table.dates.slice(rows.from, rows.to)),
    ...sliceByVolatility(volatility.subarray(rows.from, rows.to), fitTerciles(volatility.subarray(train.from, train.to))),
    ...sliceByForecast(forecasts[0]!.probabilities),
  ];
}
