import { expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { slicesOf } from '../../../steps/evaluate/slices.ts';
import type { Table } from '../../../steps/evaluate/judged-days.ts';
import { weekdays } from '../../model/sample-bars.ts';

const ROWS = 1_000;
const judged = { from: 800, to: ROWS };

/** Prices whose days become `factor` times as large from row `since` on. */
function closesWith(since: number, factor: number): Float64Array {
  const random = createRandom(5);
  let price = 100;
  return Float64Array.from({ length: ROWS }, (_, row) => (price *= Math.exp(0.01 * random.normal() * (row < since ? 1 : factor))));
}

function volatilityOf(close: Float64Array): Readonly<Record<string, readonly number[]>> {
  const table: Pick<Table, 'dates' | 'close' | 'parts'> = {
    dates: weekdays(ROWS), close, parts: { train: { from: 0, to: 600 }, validation: { from: 601, to: 799 }, test: judged },
  };
  const probabilities = new Float64Array(judged.to - judged.from).fill(0.6);
  const slices = slicesOf(table, { rows: judged, forecasts: [{ name: 'chosen model', probabilities, isProbabilistic: true }] });
  return Object.fromEntries(slices.filter(({ group }) => group === 'volatility').map(({ name, includes }) => [name, Array.from(includes)]));
}

test('what counts as low and high volatility is said by training days: later days may be as wild as they like', () => {
  const turn = 100;
  const [calm, wild] = [volatilityOf(closesWith(ROWS, 1)), volatilityOf(closesWith(judged.from + turn, 5))];
  const until = (slices: typeof calm): unknown => Object.entries(slices).map(([name, includes]) => [name, includes.slice(0, turn)]);
  expect(until(wild)).toEqual(until(calm));
  expect(Object.keys(calm)).toHaveLength(3);
  // After a month of them the wild days are all high, by the same borders.
  expect(wild['high volatility']!.slice(turn + 20)).toEqual(Array(judged.to - judged.from - turn - 20).fill(1));
});
