import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { mapBounded } from '../../store/index.ts';
import { compareOutcomes, compareWithStatement } from '../parity/compare.ts';
import { corpus } from '../parity/corpus.ts';
import { startCounter, type Counter } from '../parity/counter.ts';
import type { Outcome, TaskOutcome } from '../parity/outcome.ts';
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

  it.each<[string, (task: TaskOutcome) => Partial<TaskOutcome>]>([
    ['a status', () => ({ status: 'Skipped' })],
    ['a result', ({ results }) => ({ results: { ...results, size: 5 } })],
    ['a byte', ({ outputs }) => ({ outputs: { ...outputs, file: digestOf('one') } })],
    ['a missing output', () => ({ outputs: {} })],
    ['one attempt more', ({ attempts }) => ({ attempts: attempts + 1 })],
  ])('%s would be noticed', async (what, change) => {
    const { expected } = corpus.find(({ name }) => name === 'file-chain')!;
    const sound = outcomes.get('file-chain')!;
    const spoilt = { ...sound, tasks: { ...sound.tasks, write: { ...sound.tasks['write']!, ...change(sound.tasks['write']!) } } };
    expect(compareOutcomes(sound, sound)).toEqual([]);
    expect(compareOutcomes(sound, spoilt)).toHaveLength(1);
    if (what !== 'one attempt more') expect(await compareWithStatement(expected, spoilt, 'cluster')).toHaveLength(1);
  });

  it('a task too few or too many and another end would be noticed', async () => {
    const { expected } = corpus.find(({ name }) => name === 'file-chain')!;
    const sound = outcomes.get('file-chain')!;
    const { write, ...others } = sound.tasks;
    for (const spoilt of [{ ...sound, tasks: others }, { ...sound, tasks: { ...sound.tasks, 'write(0)': write! } }, { ...sound, status: 'Failed' }]) {
      expect(compareOutcomes(sound, spoilt)).toHaveLength(1);
      expect(await compareWithStatement(expected, spoilt, 'cluster')).toHaveLength(1);
    }
  });
});
