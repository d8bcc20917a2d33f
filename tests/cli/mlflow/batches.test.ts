import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, type Metric, type Pair } from '../../../cli/mlflow/batches.ts';
import { keyOf, LIMITS, shorten } from '../../../cli/mlflow/limits.ts';

const metric = fc.record({ key: fc.string({ minLength: 1, maxLength: 250 }), value: fc.double(), timestamp: fc.nat(), step: fc.nat() });
const pair = fc.record({ key: fc.string({ minLength: 1, maxLength: 250 }), value: fc.string({ maxLength: 500, unit: 'grapheme' }) });
const many = (count: number): Metric[] => Array.from({ length: count }, (_, step) => ({ key: 'loss', value: 1 / step, timestamp: 1, step }));
const pairs = (count: number, length: number): Pair[] => Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: 'é'.repeat(length) }));

describe('batches for MLflow', () => {
  it('hold what a server takes, and all of it once', () => {
    fc.assert(fc.property(fc.array(metric, { maxLength: 30 }), fc.array(pair, { maxLength: 30 }), fc.integer({ min: 0, max: 2500 }), fc.integer({ min: 0, max: 250 }), (some, tags, points, values) => {
      const [metrics, params] = [[...some, ...many(points)], pairs(values, 4900)];
      const batches = batchesOf({ metrics, params, tags });
      for (const batch of batches) {
        expect(batch.metrics.length).toBeLessThanOrEqual(1000);
        expect(batch.params.length).toBeLessThanOrEqual(100);
        expect(batch.tags.length).toBeLessThanOrEqual(100);
        expect(batch.metrics.length + batch.params.length + batch.tags.length).toBeLessThanOrEqual(1000);
        expect(Buffer.byteLength(JSON.stringify({ run_id: 'f'.repeat(32), ...batch }))).toBeLessThanOrEqual(1_000_000);
      }
      expect(batches.flatMap((batch) => batch.params)).toEqual(params);
      expect(batches.flatMap((batch) => batch.tags)).toEqual(tags);
      expect(batches.flatMap((batch) => batch.metrics).map(({ value }) => String(value))).toEqual(metrics.map(({ value }) => String(value)));
    }), { numRuns: 8 });
  });
  it('are as few as can be: by count, and by size', () => {
    expect(batchesOf({ metrics: many(2500), params: [], tags: [] }).map(({ metrics }) => metrics.length)).toEqual([1000, 1000, 500]);
    expect(batchesOf({ metrics: [], params: [], tags: [] })).toEqual([]);
    expect(batchesOf({ metrics: [], params: pairs(100, 5000), tags: [] }).map(({ params }) => params.length)).toEqual([94, 6]);
  });
  it('have words for numbers that JSON has none for', () => {
    expect(batchesOf({ metrics: [NaN, Infinity, -Infinity, 0.5].map((value) => ({ key: 'm', value, timestamp: 0, step: 0 })), params: [], tags: [] })[0]!.metrics.map(({ value }) => value)).toEqual(['NaN', 'Infinity', '-Infinity', 0.5]);
  });
});

describe('names for MLflow', () => {
  it.each([['train(0).logLoss', 'train-0.logLoss'], ['train(1,2).x', 'train-1-2.x'], ['a"b\'c`d', 'a_b_c_d'], ['../../etc', '__._etc'], ['', '_'], ['90 %', '90 _']])('%s is %s', (name, key) => expect(keyOf(name)).toBe(key));
  it('are never too long, and never two become one by being cut', () => {
    const [a, b] = ['a', 'b'].map((end) => keyOf(`${'x'.repeat(300)}${end}`));
    expect([a!.length, b!.length, a === b]).toEqual([LIMITS.key, LIMITS.key, false]);
  });
  it('texts are cut between characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, length) => {
      const cut = shorten(text, length);
      expect(cut.length).toBeLessThanOrEqual(Math.max(length, 1));
      // A half of a character would come back from UTF-8 as another one.
      expect(Buffer.from(cut).toString()).toBe(cut);
    }));
  });
});
