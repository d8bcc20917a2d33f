import type { Bars } from '../../../model/bars.ts';
import { calendarOf, sessionsBetween } from '../../../model/quality/index.ts';
import { createRandom, type Random } from '../../../model/random.ts';

/** `walk`: independent normal returns. `student`: independent, 4 degrees of freedom. `garch`: GARCH(1,1), α 0.08, β 0.90, with those innovations. */
export type Kind = 'walk' | 'student' | 'garch';

const SESSIONS = sessionsBetween(calendarOf('XNYS'), '2001-01-01', '2012-12-31');
const DEVIATION = 0.01;

/** A market without a fault, with the returns of the last rows times `lastFactor`. The same seed gives the same market. */
export function cleanMarket(kind: Kind, rows: number, seed: number, lastRows = 0, lastFactor = 1): Bars {
  const random = createRandom(seed);
  const columns = { open: new Float64Array(rows), high: new Float64Array(rows), low: new Float64Array(rows), close: new Float64Array(rows), volume: new Float64Array(rows) };
  let variance = DEVIATION ** 2;
  let [price, activity] = [100, 0];
  for (let row = 0; row < rows; row++) {
    const shock = kind === 'walk' ? random.normal() : student4(random);
    const deviation = kind === 'garch' ? Math.sqrt(variance) : DEVIATION;
    const size = deviation * (row >= rows - lastRows ? lastFactor : 1);
    const gap = 0.3 * size * random.normal();
    const [open, close] = [price * Math.exp(gap), price * Math.exp(size * shock)];
    columns.open[row] = open;
    columns.close[row] = close;
    columns.high[row] = Math.max(open, close) * Math.exp(0.5 * size * Math.abs(random.normal()));
    columns.low[row] = Math.min(open, close) * Math.exp(-0.5 * size * Math.abs(random.normal()));
    activity = 0.8 * activity + 0.2 * random.normal();
    columns.volume[row] = Math.round(1e6 * Math.exp(activity));
    variance = 0.02 * DEVIATION ** 2 + 0.08 * (deviation * shock) ** 2 + 0.9 * variance;
    price = close;
  }
  return { date: SESSIONS.slice(0, rows), ...columns };
}

/** Student's t with 4 degrees of freedom, scaled to the variance 1. */
function student4(random: Random): number {
  let squares = 0;
  for (let degree = 0; degree < 4; degree++) squares += random.normal() ** 2;
  return random.normal() / Math.sqrt(squares / 4) / Math.SQRT2;
}
