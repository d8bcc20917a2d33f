import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { artifact, t } from '../../dsl/contract/index.ts';
import { pauseBefore } from '../../dsl/local/attempts.ts';
import { checked, newFolder, newRig, shell } from './rig.ts';

/** Fails until it was called so often, then succeeds; leaves half an output each time. */
const third = shell('third', 'echo x >> "$COUNTER"; echo half > "$1"; test "$(wc -l < "$COUNTER")" -ge 3 || exit 1; echo whole > "$1"', {
  outputs: { file: artifact.file() }, environment: ['COUNTER'],
});

it('tries again until it succeeds, each time in a clean folder', async () => {
  const rig = await newRig();
  const counter = join(await newFolder(), 'counter');
  const pipeline = checked('third', {}, ({ task }) => void task(third, {}, { retry: { limit: 4, wait: '0.01s' } }));
  const ran = await rig.run(pipeline, { environment: { COUNTER: counter } });
  expect(ran.status).toBe('Succeeded');
  const { attempts, outputs } = await ran.task('third');
  expect(attempts.map(({ attempt, status, exitCode, log }) => [attempt, status, exitCode, log])).toEqual([
    [1, 'Failed', 1, 'attempt-1.log'], [2, 'Failed', 1, 'attempt-2.log'], [3, 'Succeeded', 0, 'attempt-3.log'],
  ]);
  expect(outputs['file']!.size).toBe('whole\n'.length);
  expect(ran.events.filter((event) => event.kind === 'RetryScheduled').map(({ nextAttempt, afterSeconds }) => [nextAttempt, afterSeconds])).toEqual([[2, 0.01], [3, 0.02]]);
});

it('gives up after limit + 1 attempts', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('gives-up', {}, ({ task }) => void task(shell('bad', 'exit 1'), {}, { retry: { limit: 2 } })));
  expect(ran.statuses).toEqual({ bad: 'Failed' });
  expect((await ran.task('bad')).attempts).toHaveLength(3);
});

it('never tries again what refused its arguments; what could not be started is tried again like a failure', async () => {
  const rig = await newRig();
  const { defineContainerStep } = await import('../../dsl/contract/index.ts');
  const absent = defineContainerStep({ name: 'absent', image: 'x', command: () => ['no-such-program'] });
  const ran = await rig.run(checked('refused', {}, ({ task }) => {
    task(shell('refuses', 'exit 64'), {}, { retry: { limit: 5 } });
    task(absent, {}, { retry: { limit: 2 } });
  }));
  expect(ran.tasks.map(({ task, status, attempts }) => [task, status, attempts])).toEqual([['refuses', 'Failed', 1], ['absent', 'Error', 3]]);
});

it('tries again what ran out of time or left an output out', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('again', {}, ({ task }) => {
    task(shell('slow', 'sleep 30'), {}, { retry: { limit: 1 }, timeout: '0.2s' });
    task(shell('forgets', 'true', { results: { n: t.integer() } }), {}, { retry: { limit: 1 } });
  }));
  expect(ran.tasks.map(({ task, status, attempts, reason }) => [task, status, attempts, reason?.code])).toEqual([['slow', 'Failed', 2, 'PW303'], ['forgets', 'Failed', 2, 'PW302']]);
});

it('gives the place of a task that waits for its retry to others', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('place', {}, ({ task }) => {
    task(shell('bad', 'exit 1'), {}, { retry: { limit: 1, wait: '0.5s' } });
    task(shell('other', 'true'), {});
  }), { maximumParallel: 1 });
  const order = ran.events.filter((event) => event.kind === 'AttemptEnded').map(({ task, attempt }) => `${task} ${attempt}`);
  expect(order).toEqual(['bad 1', 'other 1', 'bad 2']);
  const at = (kind: string, attempt: number): number => ran.events.find((event) => event.kind === kind && 'attempt' in event && event.attempt === attempt && event.task === 'bad')!.at;
  // A timer may be a millisecond early by the other clock.
  expect(at('AttemptStarted', 2) - at('AttemptEnded', 1)).toBeGreaterThanOrEqual(495);
});

it('waits longer before each retry, up to the longest', () => {
  const retry = { limit: 5, backoff: { seconds: 2, factor: 3, maximumSeconds: 10 } };
  expect([1, 2, 3, 4].map((attempt) => pauseBefore(retry, attempt))).toEqual([2, 6, 10, 10]);
  expect(pauseBefore({ limit: 1 }, 1)).toBe(0);
});

it('keeps the work folder of a failed attempt on request, beside its log', async () => {
  const rig = await newRig();
  const pipeline = checked('keep', {}, ({ task }) => void task(shell('bad', 'echo half > "$1"; exit 1', { outputs: { file: artifact.file() } }), {}));
  const ran = await rig.run(pipeline, { keep: 'failed' });
  expect(await readFile(join(ran.folder, 'tasks', 'bad', 'attempt-1', 'outputs', 'file'), 'utf8')).toBe('half\n');
});

it('does not let a step see what an earlier attempt left', async () => {
  const rig = await newRig();
  const folder = await newFolder();
  await writeFile(join(folder, 'n'), '');
  const step = shell('looks', 'ls outputs results tmp | tee -a "$SEEN"; touch "$1" tmp/left; exit 1', { outputs: { file: artifact.file() }, environment: ['SEEN'] });
  await rig.run(checked('looks', {}, ({ task }) => void task(step, {}, { retry: { limit: 1 } })), { environment: { SEEN: join(folder, 'n') } });
  expect(await readFile(join(folder, 'n'), 'utf8')).toBe('outputs:\n\nresults:\n\ntmp:\n'.repeat(2));
});
