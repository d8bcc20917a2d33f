import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alwaysUp, baseRate, majority, persistence } from '../../../model/baselines.ts';
import { forwardReturn } from '../../../model/labels/index.ts';
import {
  buyAndHold,
  maximumDrawdown,
  positionsOf,
  sharpeRatio,
  simulateTrading,
  tradingReport,
} from '../../../model/metrics/index.ts';
import { canonicalJson } from '../../../dsl/util/index.ts';

const days = fc.array(fc.tuple(fc.constantFrom(-1, 0, 1), fc.double({ min: -0.1, max: 0.1, noNaN: true })), { minLength: 1, maxLength: 60 });
const rounded = (values: Iterable<number>): number[] => [...values].map((value) => Number(value.toFixed(12)));

describe('a simulated strategy', () => {
  test('earns and pays as worked by hand', () => {
    // 100 basis points: in (1), hold, out (1), short (1), long (2).
    const run = simulateTrading([1, 1, 0, -1, 1], [0.1, -0.05, 0.2, 0.1, 0.1], 100);
    expect([...run.turnover]).toEqual([1, 0, 1, 1, 2]);
    expect(rounded(run.daily)).toEqual([0.09, -0.05, -0.01, -0.11, 0.08]);
    expect(rounded(run.equity)).toEqual(rounded([1.09, 1.09 * 0.95, 1.09 * 0.95 * 0.99, 1.09 * 0.95 * 0.99 * 0.89, 1.09 * 0.95 * 0.99 * 0.89 * 1.08]));
  });

  test('multiplies its days, and every basis point of cost makes it poorer', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 50 }), (given, cost) => {
        const positions = given.map(([position]) => position);
        const returns = given.map(([, change]) => change);
        const run = simulateTrading(positions, returns, cost);
        expect(run.equity.at(-1)!).toBeCloseTo(run.daily.reduce((capital, profit) => capital * (1 + profit), 1), 10);
        const dearer = simulateTrading(positions, returns, cost + 1);
        if (positions.some((position) => position !== 0)) expect(dearer.equity.at(-1)!).toBeLessThan(run.equity.at(-1)!);
        else expect([...dearer.equity]).toEqual(given.map(() => 1));
      }),
    );
  });

  test('of always long is buy and hold, whose gain without costs is the change of the close', () => {
    const close = Float64Array.of(100, 110, 99, 150);
    const returns = forwardReturn(close, 1).subarray(0, 3);
    const run = buyAndHold(returns, 0);
    expect(run.equity.at(-1)).toBeCloseTo(1.5, 12);
    expect(buyAndHold(returns, 10).daily[0]! - run.daily[0]!).toBeCloseTo(-0.001, 12);
    expect(simulateTrading(positionsOf([0.9, 0.5, 0.7]), returns, 10)).toEqual(buyAndHold(returns, 10));
  });

  test('that loses everything stays at nothing', () => {
    expect([...simulateTrading([-1, 1], [1.2, 0.5], 0).equity]).toEqual([0, 0]);
  });

  test('takes its positions from the probabilities', () => {
    expect([...positionsOf([0.4, 0.5, 0.6])]).toEqual([0, 1, 1]);
    expect([...positionsOf([0.4, 0.5, 0.6], 'short', 0.55)]).toEqual([-1, -1, 1]);
  });

  test.each([
    [[1], [0.1, 0.2], 5, 'Trading needs one position per return; got 1 and 2.'],
    [[], [], 5, 'Trading needs at least one day; got none.'],
    [[1], [NaN], 5, 'Day 0 has the position 1 and the return NaN; both must be finite numbers.'],
    [[1], [0.1], -1, 'Costs are 0 or more basis points; got -1.'],
  ])('refuses positions %j, returns %j, cost %d', (positions, returns, cost, message) => {
    expect(() => simulateTrading(positions, returns, cost)).toThrow(new RangeError(message));
  });
});

describe('the Sharpe ratio', () => {
  test('is mean over sample deviation a day, times √252', () => {
    // Mean 0.01, sample deviation 0.01.
    expect(sharpeRatio([0, 0.01, 0.02])).toBeCloseTo(Math.sqrt(252), 10);
  });

  test('does not change with leverage and turns over with the side', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (profits, leverage) => {
        fc.pre(new Set(profits).size > 1);
        const ratio = sharpeRatio(profits)!;
        expect(sharpeRatio(profits.map((profit) => profit * leverage))).toBeCloseTo(ratio, 8);
        expect(sharpeRatio(profits.map((profit) => -profit))).toBeCloseTo(-ratio, 8);
      }),
    );
  });

  test('does not exist without variation', () => {
    expect([sharpeRatio([0.1, 0.1, 0.1]), sharpeRatio([0, 0]), sharpeRatio([0.1]), sharpeRatio([])]).toEqual([null, null, null, null]);
  });
});

describe('the maximum drawdown', () => {
  test('is the largest fall from a high, the start included', () => {
    expect(maximumDrawdown([1.1, 0.88, 1.2, 0.9, 1.3])).toBeCloseTo(0.25, 12);
    expect(maximumDrawdown([0.8, 0.9])).toBeCloseTo(0.2, 12);
    expect(maximumDrawdown([1.1, 1.2])).toBe(0);
    expect(maximumDrawdown([])).toBe(0);
  });
});

test('the trading report is plain JSON', () => {
  const report = tradingReport(simulateTrading([1, 0], [0.1, 0.3], 0));
  expect(report).toMatchObject({ days: 2, dailyTurnover: 1, maximumDrawdown: 0 });
  expect(report.totalReturn).toBeCloseTo(0.1, 12);
  expect(report.meanDailyReturn).toBeCloseTo(0.05, 12);
  expect(() => canonicalJson(tradingReport(buyAndHold([0], 0)))).not.toThrow();
});

describe('baselines', () => {
  test('know the training labels only', () => {
    expect(baseRate([1, 1, 0, 1])).toBe(0.75);
    expect(() => baseRate([])).toThrow(new RangeError('A base rate needs at least one training label; got none.'));
    expect(() => baseRate([1, NaN])).toThrow(new RangeError('The training label of row 1 is NaN; it must be 0 or 1.'));
    expect([...majority(0.75, 3).predicted]).toEqual([1, 1, 1]);
    expect([...majority(0.4, 2).predicted]).toEqual([0, 0]);
    expect([...alwaysUp(2).predicted]).toEqual([1, 1]);
  });

  test('persistence repeats the last move and knows no later close', () => {
    const close = Float64Array.of(1, 2, 2, 1, 5);
    expect([...persistence(close, 1, { from: 1, to: 5 }).predicted]).toEqual([1, 0, 0, 1]);
    expect([...persistence(close, 2, { from: 2, to: 4 }).predicted]).toEqual([1, 0]);
    const altered = Float64Array.of(1, 2, 2, 1, 0.1);
    expect([...persistence(altered, 1, { from: 1, to: 4 }).predicted]).toEqual([1, 0, 0]);
    expect(() => persistence(close, 1, { from: 0, to: 5 })).toThrow(new RangeError('Persistence over 1 days cannot judge rows 0 to 5 of 5.'));
  });
});
