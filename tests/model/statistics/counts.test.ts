import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { binomialTest, exactMcNemar, midPMcNemar, pesaranTimmermann } from '../../../model/statistics/index.ts';
import { reference, relative } from '../reference/reference.ts';
import { expectSize } from './size.ts';

describe('the binomial test', () => {
  // The last one is the pea experiment of R's help page for binom.test: 682 of 925 at 3/4, p = 0.3825.
  test.each(reference.binomial)('of $successes in $trials at $probability is that of scipy', ({ successes, trials, probability, different, greater, less }) => {
    const own = binomialTest(successes, trials, probability);
    expect(relative(own.different, different)).toBeLessThan(1e-9);
    expect(relative(own.greater, greater)).toBeLessThan(1e-9);
    expect(relative(own.less, less)).toBeLessThan(1e-9);
  });

  test('adds up every count that is no likelier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (trials, some, probability) => {
        const successes = Math.min(some, trials);
        const likelihood = (count: number): number => binomialTest(count, trials, probability).greater + binomialTest(count, trials, probability).less - 1;
        const own = likelihood(successes);
        let sum = 0;
        for (let count = 0; count <= trials; count++) if (likelihood(count) <= own * (1 + 1e-6) + 1e-13) sum += likelihood(count);
        expect(binomialTest(successes, trials, probability).different).toBeCloseTo(sum, 8);
      }),
      { numRuns: 60 },
    );
  });

  test('knows the sure cases', () => {
    expect(binomialTest(0, 0, 0.5)).toEqual({ greater: 1, less: 1, different: 1 });
    expect(binomialTest(3, 3, 1).different).toBe(1);
    expect(binomialTest(2, 3, 1).different).toBe(0);
  });
});

/** Days on which one alone is right. */
const alone = (onlyFirst: number, onlySecond: number): [boolean[], boolean[]] => [
  [...Array<boolean>(onlyFirst).fill(true), ...Array<boolean>(onlySecond).fill(false)],
  [...Array<boolean>(onlyFirst).fill(false), ...Array<boolean>(onlySecond).fill(true)],
];

describe("McNemar's test", () => {
  test.each(reference.mcnemar)('of $onlyFirst against $onlySecond is that of statsmodels', ({ onlyFirst, onlySecond, different }) => {
    expect(relative(exactMcNemar(...alone(onlyFirst, onlySecond)).different, different)).toBeLessThan(1e-10);
  });

  test('has the published mid-p value: 7 against 1 is 0.0391, where the exact test says 0.0703', () => {
    // Fagerland, Lydersen and Laake (2013), airway hyper-responsiveness before and after transplantation.
    expect(midPMcNemar(...alone(7, 1)).different).toBeCloseTo(0.0391, 4);
    expect(exactMcNemar(...alone(7, 1)).different).toBeCloseTo(0.0703, 4);
  });

  test('gives mid-p values that add up to one, and 1 without a difference', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), (first, second) => {
        const { firstBetter, secondBetter, different } = midPMcNemar(...alone(first, second));
        expect(firstBetter + secondBetter).toBeCloseTo(1, 10);
        expect(different).toBeLessThanOrEqual(exactMcNemar(...alone(first, second)).different + 1e-12);
      }),
    );
    expect(midPMcNemar([true], [true])).toMatchObject({ firstBetter: 0.5, different: 1 });
  });

  test('keeps its level: the exact one below it, mid-p at it', () => {
    const random = createRandom(11);
    let [exact, middle] = [0, 0];
    for (let trial = 0; trial < 2_000; trial++) {
      const days = alone(0, 0);
      for (let day = 0; day < 60; day++) for (const side of days) side.push(random.uniform() < 0.53);
      if (exactMcNemar(...days).firstBetter < 0.05) exact++;
      if (midPMcNemar(...days).firstBetter < 0.05) middle++;
    }
    expectSize(exact, 2_000, 0.05, 'atMost');
    expectSize(middle, 2_000, 0.05);
    expect(middle).toBeGreaterThan(exact);
  });
});

describe('the Pesaran–Timmermann test', () => {
  const days = (counts: (typeof reference.pesaranTimmermann)[number]['counts']): [number[], number[]] => {
    const table = [[1, 1, counts.upUp], [1, 0, counts.upDown], [0, 1, counts.downUp], [0, 0, counts.downDown]] as const;
    return [table.flatMap(([label, , count]) => Array<number>(count).fill(label)), table.flatMap(([, said, count]) => Array<number>(count).fill(said))];
  };

  test.each(reference.pesaranTimmermann)('of $counts is that of R, package rugarch', ({ counts, statistic, skilled }) => {
    const result = pesaranTimmermann(...days(counts));
    expect(result.kind).toBe('tested');
    if (result.kind !== 'tested') return;
    expect(relative(result.statistic, statistic)).toBeLessThan(1e-10);
    expect(relative(result.skilled, skilled)).toBeLessThan(1e-9);
  });

  test('is worked by hand: 3 of 4 on either side', () => {
    // P = 3/4, by chance 1/2; V = 1/4/8 − 4·(1/4/8)² = 7/256; (1/4) / √(7/256) = 4/√7.
    const result = pesaranTimmermann([1, 1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 1]);
    expect(result).toMatchObject({ kind: 'tested', days: 8, right: 0.75, rightByChance: 0.5 });
    expect(result.kind === 'tested' && result.statistic).toBeCloseTo(4 / Math.sqrt(7), 12);
  });

  test('turns its sign over with the forecast', () => {
    const direction = fc.constantFrom(0, 1);
    fc.assert(
      fc.property(fc.array(fc.tuple(direction, direction), { minLength: 4, maxLength: 60 }), (pairs) => {
        const labels = pairs.map(([label]) => label);
        const [own, turned] = [pesaranTimmermann(labels, pairs.map(([, said]) => said)), pesaranTimmermann(labels, pairs.map(([, said]) => 1 - said))];
        expect(own.kind).toBe(turned.kind);
        if (own.kind === 'tested' && turned.kind === 'tested') expect(own.statistic).toBeCloseTo(-turned.statistic, 8);
      }),
    );
  });

  test('sees no skill in the drift: its level holds when market and forecast both lean up', () => {
    const random = createRandom(12);
    let alarms = 0;
    for (let trial = 0; trial < 1_000; trial++) {
      const labels = Array.from({ length: 250 }, () => (random.uniform() < 0.55 ? 1 : 0));
      const said = Array.from({ length: 250 }, () => (random.uniform() < 0.7 ? 1 : 0));
      const result = pesaranTimmermann(labels, said);
      if (result.kind === 'tested' && result.skilled < 0.05) alarms++;
    }
    expectSize(alarms, 1_000, 0.05);
  });

  test('says why it cannot test', () => {
    expect(pesaranTimmermann([1, 1, 1], [1, 0, 1])).toEqual({ kind: 'undefined', reason: 'only one direction happened' });
    expect(pesaranTimmermann([1, 0, 1], [1, 1, 1])).toEqual({ kind: 'undefined', reason: 'only one direction was predicted' });
    expect(pesaranTimmermann([], [])).toEqual({ kind: 'undefined', reason: 'no days are too few' });
    expect(pesaranTimmermann([1], [0])).toEqual({ kind: 'undefined', reason: '1 day is too few' });
    expect(pesaranTimmermann([1, 0], [1, 0])).toMatchObject({ kind: 'tested' });
    expect(() => pesaranTimmermann([1, 0], [1])).toThrow(new RangeError('The Pesaran–Timmermann test needs one prediction per label; got 1 and 2.'));
    expect(() => pesaranTimmermann([1, 0.5], [1, 0])).toThrow(new RangeError('Directions are 0 or 1; day 1 has the label 0.5 and the prediction 0.'));
  });
});
