import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom, fromState, permutation } from '../../model/random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe('the generator', () => {
  test('gives the published output of xoshiro128** 1.1 for the state 1, 2, 3, 4', () => {
    const random = fromState([1, 2, 3, 4]);
    expect(draw(10, random.bits)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('repeats itself for the same seed and differs for another', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        expect(draw(5, createRandom(seed).bits)).toEqual(draw(5, createRandom(seed).bits));
        expect(draw(5, createRandom(seed).bits)).not.toEqual(draw(5, createRandom(seed === 7 ? 8 : 7).bits));
      }),
    );
  });

  test('tells seeds apart that differ only above 2³²', () => {
    expect(createRandom(1).bits()).not.toBe(createRandom(1 + 2 ** 40).bits());
  });

  test('draws uniform numbers and normal numbers with the right moments', () => {
    const random = createRandom(11);
    const uniform = draw(20_000, random.uniform);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    // Five standard errors: 5 / sqrt(12 · 20000) and 5 / sqrt(20000).
    expect(Math.abs(uniform.reduce((sum, value) => sum + value, 0) / 20_000 - 0.5)).toBeLessThan(0.0102);
    const normal = draw(20_000, random.normal);
    expect(Math.abs(normal.reduce((sum, value) => sum + value, 0) / 20_000)).toBeLessThan(0.0354);
    expect(Math.abs(normal.reduce((sum, value) => sum + value * value, 0) / 20_000 - 1)).toBeLessThan(0.05);
  });

  test('draws whole numbers evenly', () => {
    const random = createRandom(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[random.integer(3)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (1 / 3) * (2 / 3)));
  });

  test('refuses a broken seed, bound and state', () => {
    expect(() => createRandom(0.5)).toThrow(new RangeError('A random seed is a whole number; got 0.5.'));
    expect(() => createRandom(1).integer(0)).toThrow(RangeError);
    expect(() => fromState([0, 0, 0, 0])).toThrow(RangeError);
  });
});

describe('a permutation', () => {
  test('holds every row once and repeats itself for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (count, seed) => {
        const order = permutation(count, createRandom(seed));
        expect([...order].sort((a, b) => a - b)).toEqual(draw(count, () => 0).map((_, index) => index));
        expect(permutation(count, createRandom(seed))).toEqual(order);
      }),
    );
  });

  test('does not leave the rows in order', () => {
    expect([...permutation(50, createRandom(1))]).not.toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});
