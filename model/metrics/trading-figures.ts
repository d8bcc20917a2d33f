import { blockLengthFor } from './block-of-days.ts';
import type { Figure } from './figure.ts';
import type { FigureOptions } from './forecast-figures.ts';
import { measureFigures, type Measure } from './measure.ts';
import { maximumDrawdown, sharpeRatio, type TradingRun } from './trading.ts';

export type TradingFigureName = 'totalReturn' | 'meanDailyReturn' | 'sharpeRatio' | 'maximumDrawdown' | 'dailyTurnover';

interface TradingDays {
  readonly daily: Float64Array;
  readonly turnover: Float64Array;
}

/**
 * Every figure of a strategy after costs, with its interval or the reason why it does not exist. The Sharpe ratio is
 * annual; `estimateSharpe` of the statistics has it a day, with the standard error of independent days. The interval of
 * the largest fall says what other orders of such days would have brought.
 *
 * `run` comes from `simulateTrading` or `buyAndHold`. Throws RangeError as `measureFigures`.
 */
export function tradingFigures({ daily, turnover }: TradingRun, options: FigureOptions): Readonly<Record<TradingFigureName, Figure>> {
  const { meanBlockLength = blockLengthFor([daily], options.horizonDays) } = options;
  return measureFigures(TRADING_MEASURES, daily.length, { ...options, meanBlockLength }, (drawn) => ({ daily: pick(daily, drawn), turnover: pick(turnover, drawn) }));
}

function pick(values: Float64Array, days: Uint32Array): Float64Array {
  const picked = new Float64Array(days.length);
  for (let at = 0; at < days.length; at++) picked[at] = values[days[at]!]!;
  return picked;
}

const never = (): string => 'there are no days';

const TRADING_MEASURES: Readonly<Record<TradingFigureName, Measure<TradingDays>>> = {
  totalReturn: { of: ({ daily }) => equityOf(daily).at(-1)! - 1, whyUndefined: never },
  meanDailyReturn: { of: ({ daily }) => meanOf(daily), whyUndefined: never },
  sharpeRatio: {
    of: ({ daily }) => sharpeRatio(daily),
    whyUndefined: ({ daily }) => (daily.length < 2 ? 'one day does not vary' : 'the profits never vary'),
  },
  maximumDrawdown: { of: ({ daily }) => maximumDrawdown(equityOf(daily)), whyUndefined: never },
  dailyTurnover: { of: ({ turnover }) => meanOf(turnover), whyUndefined: never },
};

function equityOf(daily: Float64Array): Float64Array {
  let capital = 1;
  return daily.map((profit) => (capital = Math.max(0, capital * (1 + profit))));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
