import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockPermutationTest, equalCountCuts, expectedPsi, histogramOf, holmAdjust, kolmogorovSmirnov, psi } from '../../../model/drift/index.ts';
import { kolmogorovUpperTail } from '../../../model/drift/kolmogorov-smirnov.ts';
import { createRandom } from '../../../model/random.ts';
import { wilsonInterval } from '../../../model/statistics/index.ts';

const OPTIONS = { statistic: 'ks', bins: 10, blockLength: 1, permutations: 199, seed: 1 } as const;

function normals(count: number, seed: number, shift = 0): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => shift + random.normal());
}

describe('the two-sample Kolmogorov–Smirnov test', () => {
  // Values of scipy.stats 1.17: kstwobign.sf.
  it.each([[0.3, 0.9999906941986655], [0.5, 0.9639452436648751], [0.8, 0.5441424115741981], [1.17, 0.12939004218561884], [1.19, 0.11774229287977166], [1.36, 0.049485876755377876], [2.5, 7.453306344157342e-6]])(
    'has the tail of Kolmogorov’s distribution at %d', (x, probability) => expect(kolmogorovUpperTail(x) / probability).toBeCloseTo(1, 9),
  );

  it('gives the distance that scipy.stats 1.17 gives, and a probability between its asymptotic and its exact one', () => {
    const a = [0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37, 1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -0.32];
    const b = [-0.4, 1.06, 1.88, 2.2, 0.33, 1.45, 2.9, 0.7, 1.2, 0.95, 1.64, 0.05, 0.1, 2.05, 1.15, 0.87, 1.31];
    const { statistic, probability } = kolmogorovSmirnov(a, b);
    expect(statistic).toBeCloseTo(0.4919786096256685, 14);
    // ks_2samp: 0.0093 asymptotic, 0.0122 exact.
    expect(probability).toBeGreaterThan(0.009);
    expect(probability).toBeLessThan(0.0123);
  });

  it('is 0 for a sample and itself, 1 for samples apart, and the same either way round', () => {
    expect(kolmogorovSmirnov([1, 2, 3], [3, 2, 1])).toEqual({ statistic: 0, probability: 1 });
    expect(kolmogorovSmirnov([1, 2], [3, 4]).statistic).toBe(1);
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(values, values, (a, b) => {
      expect(kolmogorovSmirnov(a, b)).toEqual(kolmogorovSmirnov(b, a));
    }));
  });

  it('refuses what it cannot judge', () => {
    expect(() => kolmogorovSmirnov([], [1])).toThrow('The reference sample has no values.');
    expect(() => kolmogorovSmirnov([1], [1, NaN])).toThrow('The current sample needs finite values; value 1 is NaN.');
  });
});

describe('the population stability index', () => {
  it('is Σ (p − q) ln (p / q)', () => {
    // By hand: (0.3 − 0.5) ln 0.6 + (0.7 − 0.5) ln 1.4.
    expect(psi({ reference: [50, 50], current: [30, 70] })).toBeCloseTo(-0.2 * Math.log(0.6) + 0.2 * Math.log(1.4), 14);
    expect(psi({ reference: [10, 20, 30], current: [1, 2, 3] })).toBeCloseTo(0, 14);
  });

  it('counts an empty bin as half a row', () => {
    expect(psi({ reference: [100, 100], current: [0, 100] })).toBeCloseTo((0.005 - 0.5) * Math.log(0.01) + 0.5 * Math.log(2), 14);
  });

  it('has bins of equal counts over both samples, equal cuts merged', () => {
    const cuts = equalCountCuts([1, 2, 3, 4], [5, 6, 7, 8], 4);
    expect(cuts).toEqual([2, 4, 6]);
    expect(histogramOf([1, 2, 3, 4], [5, 6, 7, 8], cuts)).toEqual({ cuts, reference: [2, 2, 0, 0], current: [0, 0, 2, 2] });
    expect(equalCountCuts([0, 0, 0, 0, 0, 0, 0, 1], [0, 0], 5)).toEqual([0]);
  });

  it('comes to (bins − 1)(1/n + 1/m) on average when nothing drifts', () => {
    const values = Array.from({ length: 400 }, (_, at) => {
      const [a, b] = [normals(1000, 2 * at + 1), normals(250, 2 * at + 2)];
      return psi(histogramOf(a, b, equalCountCuts(a, b, 10)));
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length / (values.length - 1));
    expect(Math.abs(mean - expectedPsi(10, 1000, 250))).toBeLessThan(4 * error);
  });
});

describe('Holm’s correction', () => {
  it('gives the published example', () => {
    // As R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
    expect(holmAdjust([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02].map((p) => expect.closeTo(p, 12) as number));
  });

  it('never lowers a probability and keeps their order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }), (given) => {
      const adjusted = holmAdjust(given);
      for (const [at, p] of given.entries()) {
        expect(adjusted[at]).toBeGreaterThanOrEqual(p);
        for (const [other, q] of given.entries()) if (p < q) expect(adjusted[at]).toBeLessThanOrEqual(adjusted[other]!);
      }
    }));
  });
});

describe('the block permutation test', () => {
  it('is a fair test when rows are independent: 5 % false alarms, for both statistics', () => {
    for (const statistic of ['ks', 'psi'] as const) {
      const trials = 200;
      let alarms = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { probability } = blockPermutationTest(normals(100, 10_000 + 2 * trial), normals(50, 10_001 + 2 * trial), { ...OPTIONS, statistic, permutations: 99, seed: trial });
        if (probability <= 0.05) alarms++;
      }
      const { lower, upper } = wilsonInterval(alarms, trials, 0.999);
      expect([lower <= 0.05, upper >= 0.05], `${statistic}: ${alarms} of ${trials}`).toEqual([true, true]);
    }
  });

  it('sees a shift', () => {
    for (const statistic of ['ks', 'psi'] as const) {
      expect(blockPermutationTest(normals(500, 1), normals(250, 2, 0.5), { ...OPTIONS, statistic, blockLength: 10 }).probability).toBe(1 / 200);
    }
  });

  it('compares what stands in the current sample, with the distance of the plain test', () => {
    const [a, b] = [normals(300, 5), normals(100, 6)];
    expect(blockPermutationTest(a, b, OPTIONS).statistic).toBeCloseTo(kolmogorovSmirnov(a, b).statistic, 12);
    expect(blockPermutationTest(a, b, { ...OPTIONS, statistic: 'psi' }).statistic).toBeCloseTo(psi(histogramOf(a, b, equalCountCuts(a, b, 10))), 12);
  });

  it('gives the same answer for the same seed', () => {
    expect(blockPermutationTest(normals(100, 1), normals(50, 2), OPTIONS)).toEqual(blockPermutationTest(normals(100, 1), normals(50, 2), OPTIONS));
  });

  it('refuses options out of range', () => {
    expect(() => blockPermutationTest([1], [2], { ...OPTIONS, blockLength: 0 })).toThrow('blockLength is a whole number of 1 or more; got 0.');
  });
});
