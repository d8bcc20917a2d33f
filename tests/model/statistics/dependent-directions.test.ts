import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../model/random.ts';
import { dependentDirections, pesaranTimmermann, type NoTest } from '../../../model/statistics/index.ts';
import { expectSize } from './size.ts';

/** A series that repeats its last direction with the given chance. */
function persistent(days: number, chance: number, seed: number): number[] {
  const random = createRandom(seed);
  let last = random.uniform() < 0.5 ? 1 : 0;
  return Array.from({ length: days }, () => (last = random.uniform() < chance ? last : 1 - last));
}

const tested = <T extends { kind: 'tested' }>(test: T | NoTest): T => {
  if (test.kind !== 'tested') throw new Error(test.reason);
  return test as T;
};

describe('the Pesaran–Timmermann test for dependent days', () => {
  test('is the partial correlation of labels and predictions given their pasts', () => {
    // Solved in exact rational arithmetic, by the normal equations: Python's fractions.
    const labels = Array.from({ length: 60 }, (_, at) => (Math.floor((at * at) / 3) + Math.floor(at / 4)) % 2);
    const predicted = Array.from({ length: 60 }, (_, at) => (Math.floor((at * 7) / 5) + Math.floor(at / 3)) % 2);
    const found = tested(dependentDirections(labels, predicted, 2));
    expect(found.days).toBe(58);
    expect(found.correlation).toBeCloseTo(-0.014286414386555627, 12);
    expect(found.statistic).toBeCloseTo(-0.10880209046435757, 11);
    expect(found.skilled).toBeCloseTo(0.5433, 4);
  });

  test('keeps its level on two persistent series that know nothing of each other, where the test for independent days does not', () => {
    let [dependent, independent] = [0, 0];
    for (let seed = 1; seed <= 400; seed++) {
      const [labels, predicted] = [persistent(250, 0.85, 2 * seed), persistent(250, 0.85, 2 * seed + 1)];
      if (tested(dependentDirections(labels, predicted)).skilled < 0.05) dependent++;
      if (tested(pesaranTimmermann(labels, predicted)).skilled < 0.05) independent++;
    }
    expectSize(dependent, 400, 0.05);
    expect(independent / 400).toBeGreaterThan(0.1);
  });

  test('sees skill that is there', () => {
    const random = createRandom(5);
    const labels = persistent(400, 0.7, 9);
    const predicted = labels.map((label) => (random.uniform() < 0.62 ? label : 1 - label));
    expect(tested(dependentDirections(labels, predicted)).skilled).toBeLessThan(0.001);
    expect(tested(dependentDirections(labels, predicted.map((one) => 1 - one))).skilled).toBeGreaterThan(0.999);
  });

  test('says why it does not exist, and what is wrong', () => {
    const labels = persistent(50, 0.5, 1);
    expect(dependentDirections(labels, labels.map(() => 1))).toEqual({ kind: 'undefined', reason: 'what was predicted is wholly explained by the days before' });
    expect(dependentDirections(labels.map(() => 0), labels)).toEqual({ kind: 'undefined', reason: 'what happened is wholly explained by the days before' });
    expect(dependentDirections([1, 0, 1], [1, 1, 0])).toEqual({ kind: 'undefined', reason: '3 days are too few for 1 lag' });
    expect(() => dependentDirections([1, 0], [1])).toThrow('one prediction per label; got 1 and 2');
    expect(() => dependentDirections([1, 2], [1, 0])).toThrow('day 1 has the label 2');
    expect(() => dependentDirections(labels, labels, 0)).toThrow('Lags are a whole number of 1 or more; got 0.');
  });
});
