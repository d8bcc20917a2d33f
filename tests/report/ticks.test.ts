import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, dayText, dayTicks, linearScale, niceDomain, numberTicks } from '../../cli/report/charts/ticks.ts';

describe('ticks of numbers', () => {
  it('are round, and all have as many digits as their step', () => {
    expect(numberTicks([0, 1], 5).map((tick) => tick.label)).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(numberTicks([0.68, 0.71], 5).map((tick) => tick.label)).toEqual(['0.68', '0.69', '0.70', '0.71']);
    expect(numberTicks([-20, 60_000], 4).map((tick) => tick.label)).toEqual(['0', '20,000', '40,000', '60,000']);
  });

  it('lie in their range, evenly, at most one more than asked for', () => {
    const numbers = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 2, max: 10 }), (a, b, count) => {
        fc.pre(Math.abs(a - b) > 1e-6);
        const domain = niceDomain(Math.min(a, b), Math.max(a, b), count);
        const ticks = numberTicks(domain, count).map((tick) => tick.at);
        const slack = (domain[1] - domain[0]) * 1e-9;
        expect(domain[0]).toBeLessThanOrEqual(Math.min(a, b) + slack);
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(a, b) - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 2);
        for (const tick of ticks) expect(tick >= domain[0] - slack && tick <= domain[1] + slack).toBe(true);
        const step = ticks[1]! - ticks[0]!;
        ticks.slice(1).forEach((tick, index) => expect(tick - ticks[index]!).toBeCloseTo(step, 3));
      }),
    );
  });

  it('exist for a range without width', () => {
    expect(numberTicks(niceDomain(5, 5, 5), 5).length).toBeGreaterThan(1);
    expect(numberTicks(niceDomain(0, 0, 5), 5).length).toBeGreaterThan(1);
  });
});

describe('ticks of days', () => {
  const between = (from: string, to: string): readonly string[] => dayTicks([dayNumber(from), dayNumber(to)], 6).map((tick) => tick.label);

  it('are years, months or days by the length of the range', () => {
    expect(between('2000-01-03', '2020-04-17')).toEqual(['2000', '2005', '2010', '2015', '2020'].filter((year) => year !== '2000'));
    expect(between('2019-11-15', '2020-09-01')).toEqual(['Jan', 'Mar', 'May', 'Jul', 'Sep'].map((month) => (month === 'Jan' ? '2020' : month)));
    expect(between('2020-02-26', '2020-03-02')).toEqual(['26 Feb', '27 Feb', '28 Feb', '29 Feb', '1 Mar', '2 Mar']);
  });

  it('know the calendar', () => {
    expect(dayText(dayNumber('2024-02-29'))).toBe('2024-02-29');
    expect(dayNumber('1970-01-02')).toBe(1);
    expect(dayNumber('2020-01-01T23:59:59Z')).toBe(dayNumber('2020-01-01'));
  });
});

it('a scale maps its ends to the ends of the paper', () => {
  const scale = linearScale([10, 20], [60, 560]);
  expect([scale(10), scale(15), scale(20)]).toEqual([60, 310, 560]);
});
