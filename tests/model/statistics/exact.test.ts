import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binomialUpperTail,
  daysToShowMean,
  daysToShowShare,
  exactMcNemar,
  normalCdf,
  normalQuantile,
  wilsonInterval,
} from '../../../model/statistics/index.ts';

const relative = (actual: number, expected: number): number => Math.abs(actual / expected - 1);

describe('the normal distribution', () => {
  // Tabulated values to all printed digits (NIST Digital Library of Mathematical Functions §7; scipy.stats.norm).
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [1.96, 0.9750021048517795],
    [-3, 0.0013498980316300945],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416047e-24],
  ])('is at most %d with probability %d', (x, probability) => {
    expect(relative(normalCdf(x), probability)).toBeLessThan(1e-12);
  });

  test.each([
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.8, 0.8416212335729143],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
  ])('has the quantile of %d at %d', (p, x) => {
    expect(relative(normalQuantile(p), x)).toBeLessThan(1e-12);
  });

  test('is symmetric, rises, and is undone by its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 1e-6, max: 1, noNaN: true }), (x, step) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14);
        expect(normalCdf(x + step)).toBeGreaterThanOrEqual(normalCdf(x));
        if (x < 5) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 7);
      }),
    );
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
  });

  test('refuses what is no probability', () => {
    for (const p of [0, 1, -0.1, NaN]) expect(() => normalQuantile(p)).toThrow(new RangeError(`A quantile needs a probability between 0 and 1; got ${p}.`));
    expect(() => normalCdf(NaN)).toThrow(RangeError);
  });
});

describe('the binomial upper tail', () => {
  test('is the published one', () => {
    // The example of scipy.stats.binomtest: 3 or more of 15 at 10 %.
    expect(relative(binomialUpperTail(3, 15, 0.1), 0.18406106910639114)).toBeLessThan(1e-12);
    // 8, 9 or 10 heads of 10: (45 + 10 + 1) / 1024.
    expect(relative(binomialUpperTail(8, 10, 0.5), 56 / 1024)).toBeLessThan(1e-12);
  });

  test('is the sum of its terms for every count, and complements the lower tail', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (trials, probability) => {
        let tail = 0;
        for (let k = trials; k >= 0; k--) {
          tail += choose(trials, k) * probability ** k * (1 - probability) ** (trials - k);
          expect(binomialUpperTail(k, trials, probability)).toBeCloseTo(tail, 10);
          const mirrored = k === 0 ? 0 : binomialUpperTail(trials - k + 1, trials, 1 - probability);
          expect(binomialUpperTail(k, trials, probability) + mirrored).toBeCloseTo(1, 10);
        }
      }),
    );
  });

  test.each([
    [2_650, 5_000],
    [2_450, 5_000],
    [380, 718],
  ])('of %d in %d fair coins agrees with whole-number arithmetic', (successes, trials) => {
    let ways = 1n;
    let tail = 0n;
    for (let k = 0; k <= trials; k++) {
      if (k >= successes) tail += ways;
      ways = (ways * BigInt(trials - k)) / BigInt(k + 1);
    }
    const exact = Number((tail * 10n ** 18n) >> BigInt(trials)) / 1e18;
    expect(relative(binomialUpperTail(successes, trials, 0.5), exact)).toBeLessThan(1e-9);
  });

  test('knows certain and impossible outcomes, and no trials', () => {
    expect([binomialUpperTail(0, 0, 0.5), binomialUpperTail(0, 9, 0), binomialUpperTail(1, 9, 0), binomialUpperTail(9, 9, 1)]).toEqual([1, 1, 0, 1]);
  });

  test('refuses counts and shares that make no sense', () => {
    expect(() => binomialUpperTail(3, 2, 0.5)).toThrow(new RangeError('Successes and trials are whole numbers with 0 ≤ successes ≤ trials; got 3 of 2.'));
    expect(() => binomialUpperTail(NaN, 2, 0.5)).toThrow(RangeError);
    expect(() => binomialUpperTail(1, 2, 1.5)).toThrow(new RangeError('A probability lies between 0 and 1; got 1.5.'));
  });
});

describe("Wilson's interval", () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3, 95 %.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is %d to %d', (successes, trials, lower, upper) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.lower).toBeCloseTo(lower, 4);
    expect(interval.upper).toBeCloseTo(upper, 4);
  });

  test('lies within 0 and 1, holds the share, and mirrors failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(500), (trials, some) => {
        const successes = Math.min(some, trials);
        const { lower, upper } = wilsonInterval(successes, trials);
        const mirrored = wilsonInterval(trials - successes, trials);
        expect(0 <= lower && lower <= successes / trials && successes / trials <= upper && upper <= 1).toBe(true);
        expect(mirrored.lower).toBeCloseTo(1 - upper, 12);
      }),
    );
  });

  test('refuses no trials', () => {
    expect(() => wilsonInterval(0, 0)).toThrow(new RangeError('An interval for a share needs at least one trial; got none.'));
    expect(() => wilsonInterval(1, 2, 1)).toThrow(new RangeError('A confidence lies between 0 and 1; got 1.'));
  });
});

describe("McNemar's exact test", () => {
  const days = (counts: readonly [boolean, boolean, number][]): [boolean[], boolean[]] => [
    counts.flatMap(([first, , count]) => Array<boolean>(count).fill(first)),
    counts.flatMap(([, second, count]) => Array<boolean>(count).fill(second)),
  ];

  test('counts the days on which one alone is right, and asks a fair coin', () => {
    // 11 against 1: R's binom.test(11, 12) gives 0.006348 two-sided, that is 26 / 4096.
    const result = exactMcNemar(...days([[true, true, 959], [true, false, 11], [false, true, 1], [false, false, 29]]));
    expect([result.onlyFirst, result.onlySecond]).toEqual([11, 1]);
    expect(relative(result.different, 26 / 4096)).toBeLessThan(1e-12);
    expect(relative(result.firstBetter, 13 / 4096)).toBeLessThan(1e-12);
    expect(relative(result.secondBetter, 4095 / 4096)).toBeLessThan(1e-12);
  });

  test('says nothing when both are always right together', () => {
    expect(exactMcNemar([true, false], [true, false])).toMatchObject({ firstBetter: 1, secondBetter: 1, different: 1 });
    expect(exactMcNemar([], [])).toMatchObject({ different: 1 });
  });

  test('refuses two lengths', () => {
    expect(() => exactMcNemar([true], [])).toThrow(new RangeError("McNemar's test needs the same days twice; got 1 and 0."));
  });
});

describe('the power of a test', () => {
  const design = { level: 0.05, power: 0.8 };

  test('needs the well-known numbers of days', () => {
    // z(0.95) ½ + z(0.8) √(0.53 · 0.47) over 0.03, squared, is 1715.3; the others likewise.
    expect(daysToShowShare(0.5, 0.53, design)).toBe(1_716);
    expect(daysToShowShare(0.5, 0.55, design)).toBe(617);
    expect(daysToShowShare(0.535, 0.56, design)).toBe(2_453);
    // (1.6449 + 0.8416)² = 6.18 for an effect of one deviation: Lehr's rule in its one-sided form.
    expect(daysToShowMean(1, 1, design)).toBe(7);
    expect(daysToShowMean(-0.01, 0.1, design)).toBe(619);
  });

  test('is reached by the exact test with that many days, and not with far fewer', () => {
    const powerWith = (days: number): number => {
      let threshold = Math.ceil(days / 2);
      while (binomialUpperTail(threshold, days, 0.5) > 0.05) threshold++;
      return binomialUpperTail(threshold, days, 0.55);
    };
    expect(powerWith(617)).toBeGreaterThan(0.78);
    expect(powerWith(400)).toBeLessThan(0.7);
  });

  test('never shows what is not there', () => {
    expect(daysToShowShare(0.5, 0.5, design)).toBe(Infinity);
    expect(daysToShowMean(0, 1, design)).toBe(Infinity);
    expect(() => daysToShowShare(0, 0.5, design)).toThrow(RangeError);
    expect(() => daysToShowMean(1, NaN, design)).toThrow(RangeError);
  });
});

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}
