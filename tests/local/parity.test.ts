import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapBounded } from '../../store/index.ts';
import { compareWithStatement } from '../parity/compare.ts';
import { corpus } from '../parity/corpus.ts';
import { startCounter, type Counter } from '../parity/counter.ts';
import type { Outcome } from '../parity/outcome.ts';
import { runLocally } from '../parity/run-locally.ts';

/* The laptop's half of tests/parity: every run is as the corpus says. The cluster's half is in tests/parity. */
describe('the corpus of tests/parity on a laptop', () => {
  let counter: Counter;
  const outcomes = new Map<string, Outcome>();
  beforeAll(async () => {
    counter = await startCounter();
    // Some only wait: so several at once.
    await mapBounded(corpus, 4, async ({ name, pipeline, parameters }) => {
      const given = Object.hasOwn(pipeline.parameters, 'counter') ? { ...parameters, counter: counter.address } : parameters;
      outcomes.set(name, await runLocally(pipeline, given));
    });
  }, 300_000);
  afterAll(() => counter.close());

  it('has at least forty pipelines, each with a name of its own', () => {
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
    expect(corpus.length).toBeGreaterThanOrEqual(60);
  });

  it.each(corpus)('$name is as it says', async ({ name, expected }) => {
    expect(await compareWithStatement(expected, outcomes.get(name)!, 'laptop')).toEqual([]);
  });
});
