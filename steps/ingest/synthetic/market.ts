import type { Bars } from '../../../model/bars.ts';
import { createRandom, type Random } from '../../../model/random.ts';
import { drawReturns } from './returns.ts';
import type { MarketSettings } from './settings.ts';

/** Share of a day's variance that passes while the exchange is shut: the opening gap. */
const OVERNIGHT_SHARE = 0.25;
const MEAN_VOLUME = 1e6;
const DAY_MS = 86_400_000;

/**
 * Daily bars of a market that never was: the closes follow its returns, everything else is drawn around them. The same settings
 * give the same bars on every machine. Sessions are weekdays; holidays are not kept.
 *
 * Inside a day the log price is a Brownian path. Given the day's return, the overnight part is normal (a bridge), and
 * high and low are drawn from the law of the highest point of a bridge (Karatzas and Shreve, Brownian Motion and Stochastic
 * Calculus, §4.3), each by itself: low ≤ open, close ≤ high hold always. Volume is log-normal and higher on days of large moves. None
 * of it tells anything about the next day that the closes do not.
 */
export function makeMarket(settings: MarketSettings): Bars {
  const { days, seed, price } = settings.numbers as { readonly days: number; readonly seed: number; readonly price: number };
  const random = createRandom(seed);
  const { values, deviations } = drawReturns(settings, random);
  const column = (): Float64Array => new Float64Array(days);
  const bars = { date: weekdaysFrom(settings.start, days), open: column(), high: column(), low: column(), close: column(), volume: column() };
  let last = price;
  let log = Math.log(price);
  for (let day = 0; day < days; day++) {
    const [value, deviation] = [values[day]!, deviations[day]!];
    log += value;
    const close = Math.exp(log);
    const gap = OVERNIGHT_SHARE * value + Math.sqrt(OVERNIGHT_SHARE * (1 - OVERNIGHT_SHARE)) * deviation * random.normal();
    const open = last * Math.exp(gap);
    const [move, variance] = [value - gap, (1 - OVERNIGHT_SHARE) * deviation ** 2];
    bars.open[day] = open;
    // Rounding must not put the highest price below one that was paid.
    bars.high[day] = Math.max(open, close, open * Math.exp(highestOf(move, variance, random)));
    bars.low[day] = Math.min(open, close, open * Math.exp(-highestOf(-move, variance, random)));
    bars.close[day] = close;
    const surprise = deviation === 0 ? 0 : Math.abs(value) / deviation;
    bars.volume[day] = Math.round(MEAN_VOLUME * Math.exp(0.3 * random.normal() + 0.2 * surprise));
    last = close;
  }
  return bars;
}

/** Highest point of a Brownian bridge from 0 to `end`: P(M > m) = exp(−2m(m − end)/variance), turned around. */
function highestOf(end: number, variance: number, random: Random): number {
  return (end + Math.sqrt(end ** 2 - 2 * variance * Math.log(1 - random.uniform()))) / 2;
}

function weekdaysFrom(start: string, count: number): string[] {
  const days: string[] = [];
  for (let at = Date.parse(start); days.length < count; at += DAY_MS) {
    const day = new Date(at);
    if (day.getUTCDay() % 6 !== 0) days.push(day.toISOString().slice(0, 10));
  }
  return days;
}
