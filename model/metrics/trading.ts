import { UP_FROM } from './confusion.ts';

export const TRADING_DAYS_A_YEAR = 252;

export interface TradingRun {
  /** Profit or loss of every day as a share of the capital at its start, after costs. */
  readonly daily: Float64Array;
  /** Capital at the end of every day; it starts at 1 before the first. A total loss stays at 0. */
  readonly equity: Float64Array;
  /** Share of the capital bought or sold at the start of every day. */
  readonly turnover: Float64Array;
}

/** Fully invested on days with a probability of "up" of `threshold` or more, in cash (or short) on the others. */
export function positionsOf(probabilities: ArrayLike<number>, below: 'cash' | 'short' = 'cash', threshold = UP_FROM): Float64Array {
  return Float64Array.from(probabilities, (probability) => (probability >= threshold ? 1 : below === 'cash' ? 0 : -1));
}

/**
 * Simulates a strategy day by day. On day t the share `positions[t]` of the capital (−1 short … 1 long) is held from
 * its close to the next and earns positions[t] · returns[t]; the change |positions[t] − positions[t − 1]|, at first
 * from 0, costs `costBasisPoints` hundredths of a percent. The last position is valued, not closed. Interest on cash
 * and borrowing is left out.
 *
 * `returns` are simple next-day returns as shares (`forwardReturn(close, 1)`), one per position. Throws RangeError for
 * different lengths, no days, values that are not finite and costs below 0.
 */
export function simulateTrading(positions: ArrayLike<number>, returns: ArrayLike<number>, costBasisPoints: number): TradingRun {
  const days = returns.length;
  if (positions.length !== days) throw new RangeError(`Trading needs one position per return; got ${positions.length} and ${days}.`);
  if (days === 0) throw new RangeError('Trading needs at least one day; got none.');
  if (!(costBasisPoints >= 0 && Number.isFinite(costBasisPoints))) {
    throw new RangeError(`Costs are 0 or more basis points; got ${costBasisPoints}.`);
  }
  const daily = new Float64Array(days);
  const equity = new Float64Array(days);
  const turnover = new Float64Array(days);
  let capital = 1;
  let held = 0;
  for (let day = 0; day < days; day++) {
    const position = positions[day]!;
    const change = returns[day]!;
    if (!Number.isFinite(position) || !Number.isFinite(change)) {
      throw new RangeError(`Day ${day} has the position ${position} and the return ${change}; both must be finite numbers.`);
    }
    turnover[day] = Math.abs(position - held);
    daily[day] = position * change - (turnover[day]! * costBasisPoints) / 10_000;
    capital = Math.max(0, capital * (1 + daily[day]!));
    equity[day] = capital;
    held = position;
  }
  return { daily, equity, turnover };
}

/** Buys on the first day and holds: what any strategy stands beside. Throws RangeError as {@link simulateTrading}. */
export function buyAndHold(returns: ArrayLike<number>, costBasisPoints: number): TradingRun {
  return simulateTrading(new Float64Array(returns.length).fill(1), returns, costBasisPoints);
}

/**
 * Annualised Sharpe ratio of daily profits, with a riskless rate of 0: mean / sample deviation (divisor n − 1) per day,
 * times √252 (W. F. Sharpe, Journal of Portfolio Management 21, 1994). Null for fewer than 2 days or no variation.
 */
export function sharpeRatio(daily: ArrayLike<number>): number | null {
  const days = daily.length;
  const values = Float64Array.from(daily);
  const mean = values.reduce((sum, value) => sum + value, 0) / days;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (days - 1));
  // Equal profits differ from their mean by rounding alone.
  return deviation > 1e-12 * Math.abs(mean) ? (mean / deviation) * Math.sqrt(TRADING_DAYS_A_YEAR) : null;
}

/** Largest fall of the equity from an earlier high (the starting capital 1 included), as a share of that high, 0 … 1. */
export function maximumDrawdown(equity: ArrayLike<number>): number {
  let high = 1;
  let worst = 0;
  for (let day = 0; day < equity.length; day++) {
    high = Math.max(high, equity[day]!);
    worst = Math.max(worst, 1 - equity[day]! / high);
  }
  return worst;
}
