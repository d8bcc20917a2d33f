import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Names, taskNameOf, toLabel } from '../../dsl/argo/names.ts';

const LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const labels = fc.stringMatching(/^[a-z]([a-z0-9-]{0,90}[a-z0-9])?$/);

describe('names', () => {
  it('are labels of at most 63 characters, and a short one stays as it is', () => {
    fc.assert(fc.property(labels, (name) => {
      const label = toLabel(name);
      expect(label).toMatch(LABEL);
      expect(label.length).toBeLessThanOrEqual(63);
      if (name.length <= 63) expect(label).toBe(name);
      expect(toLabel(name)).toBe(label);
    }));
  });

  it('that differ only at the end still differ when they are cut', () => {
    const long = 'a'.repeat(80);
    expect(toLabel(`${long}b`)).not.toBe(toLabel(`${long}c`));
  });

  it('are handed out once', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('train', 'train-2', 'a'.repeat(63), 'a'.repeat(70)), { maxLength: 12 }), (wishes) => {
      const names = new Names();
      const given = wishes.map((wish) => names.claim(wish));
      expect(new Set(given).size).toBe(given.length);
      for (const name of given) expect(name).toMatch(LABEL);
    }));
  });

  it('are not words of the expression language', () => {
    expect(taskNameOf('in')).toBe('in-task');
    expect(taskNameOf('not')).toBe('not-task');
    expect(taskNameOf('train')).toBe('train');
    expect(taskNameOf('count')).toBe('count');
  });
});
