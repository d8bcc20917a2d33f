import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logGamma } from '../../../model/statistics/gamma.ts';
import { momentsOf, normalCdf, studentCdf } from '../../../model/statistics/index.ts';
import { reference, relative } from '../reference/reference.ts';

describe("Student's distribution", () => {
  test.each(reference.student)('is at most $x with $degrees degrees as scipy says', ({ x, degrees, cdf }) => {
    expect(relative(studentCdf(x, degrees), cdf)).toBeLessThan(1e-11);
  });

  test('is symmetric, rises, and becomes the normal one', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 3, noNaN: true }), (x, degrees, step) => {
        expect(studentCdf(x, degrees) + studentCdf(-x, degrees)).toBeCloseTo(1, 12);
        expect(studentCdf(x + step, degrees)).toBeGreaterThanOrEqual(studentCdf(x, degrees) - 1e-14);
      }),
    );
    for (const x of [-3, -1, 0.5, 2]) expect(studentCdf(x, 1e7)).toBeCloseTo(normalCdf(x), 6);
  });

  test('refuses what is no number and no degrees', () => {
    expect(() => studentCdf(NaN, 3)).toThrow(new RangeError("Student's distribution needs a number; got NaN."));
    expect(() => studentCdf(1, 0)).toThrow(new RangeError("Student's distribution needs degrees of freedom above 0; got 0."));
  });
});

test.each(reference.logGamma)('ln Γ($x) is what scipy says', ({ x, value }) => {
  expect(Math.abs(logGamma(x) - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
  expect(() => logGamma(0)).toThrow(new RangeError('ln Γ needs a number above 0; got 0.'));
});

describe('moments', () => {
  test('have the skewness and kurtosis of scipy', () => {
    const moments = momentsOf(reference.moments.daily)!;
    expect(relative(moments.skewness, reference.moments.skewness)).toBeLessThan(1e-10);
    expect(relative(moments.kurtosis, reference.moments.kurtosis)).toBeLessThan(1e-10);
  });

  test('do not exist without variation', () => {
    expect([momentsOf([]), momentsOf([1]), momentsOf([0.1, 0.1, 0.1])]).toEqual([null, null, null]);
    expect(() => momentsOf([1, NaN])).toThrow(new RangeError('Moments need finite values; day 1 is NaN.'));
  });
});
