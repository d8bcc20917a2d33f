import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { format } from '../../dsl/build/index.ts';
import { t } from '../../dsl/contract/index.ts';
import { checked, isRunning, newFolder, newRig, shell, until } from './rig.ts';
import { patient } from './steps/patient/contract.ts';

/** Writes the process ids of the step and of what it spawns, one a line, then waits. */
const tree = shell('tree', '(trap "" TERM; echo $(exec sh -c "echo \\$PPID") >> "$PIDS"; (echo $(exec sh -c "echo \\$PPID") >> "$PIDS"; while :; do sleep 1; done) & while :; do sleep 1; done) & echo $$ >> "$PIDS"; wait', { environment: ['PIDS'] });
const deaf = shell('deaf', 'trap "" TERM; echo $$ >> "$PIDS"; while :; do sleep 1; done', { environment: ['PIDS'] });
const next = shell('next', 'true');

async function newPids(): Promise<{ readonly path: string; readonly read: () => readonly number[] }> {
  const path = join(await newFolder(), 'pids');
  return { path, read: () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').filter((line) => line !== '').map(Number) : []) };
}

describe('stopping a run', () => {
  it('ends every process: one that is deaf to SIGTERM, and the descendants of another', async () => {
    const rig = await newRig();
    const pids = await newPids();
    const stop = new AbortController();
    const pipeline = checked('stop', {}, ({ task, onExit }) => {
      const first = task(tree, {});
      task(deaf, {});
      task(next, {}, { after: [first] });
      onExit(({ task, status }) => void task(shell('tell', 'echo "$1" > "$2"', { parameters: { word: t.string() }, results: { said: t.string() } }), { word: format`it ${status}` }));
    });
    const running = rig.run(pipeline, { signal: stop.signal, environment: { PIDS: pids.path }, maximumParallel: 2 });
    await until(() => pids.read().length === 4);
    expect(pids.read().every(isRunning)).toBe(true);
    stop.abort();
    const ran = await running;
    await until(() => !pids.read().some(isRunning));
    expect([ran.status, ran.reason?.code]).toEqual(['Cancelled', 'PW304']);
    expect(ran.statuses).toEqual({ tree: 'Cancelled', deaf: 'Cancelled', next: 'Cancelled', tell: 'Succeeded' });
    expect((await ran.task('tell')).results).toEqual({ said: 'it Failed' });
    expect((await ran.task('deaf')).attempts[0]).toMatchObject({ status: 'Cancelled', signal: 'SIGKILL' });
    expect(await readdir(join(rig.folder, 'work'))).toEqual([]);
  });

  it('lets a TypeScript step tidy up, and ends one that only computes', async () => {
    const rig = await newRig();
    const stop = new AbortController();
    const pipeline = checked('typescript', {}, ({ task }) => {
      task(patient, { mode: 'wait' }, { name: 'wait' });
      task(patient, { mode: 'deaf' }, { name: 'deaf' });
    });
    let waiting = 0;
    const ran = await rig.run(pipeline, { signal: stop.signal, onEvent: (event) => { if (event.kind === 'LogLine' && event.line === 'waiting' && ++waiting === 2) stop.abort(); } });
    expect(ran.statuses).toEqual({ wait: 'Cancelled', deaf: 'Cancelled' });
    expect((await ran.task('wait')).attempts[0]).toMatchObject({ exitCode: 143 });
    expect((await ran.task('deaf')).attempts[0]).toMatchObject({ signal: 'SIGKILL' });
  });

  it('runs no exit handler when it is terminated', async () => {
    const rig = await newRig();
    const [stop, terminate] = [new AbortController(), new AbortController()];
    const pipeline = checked('terminate', {}, ({ task, onExit }) => {
      task(shell('slow', 'sleep 30'), {});
      onExit(({ task }) => {
        const first = task(shell('slow-exit', 'sleep 30'), {});
        task(next, {}, { name: 'last', after: [first] });
      });
    });
    const ran = await rig.run(pipeline, {
      signal: stop.signal, terminate: terminate.signal,
      onEvent: (event) => { if (event.kind === 'AttemptStarted') (event.task === 'slow' ? stop : terminate).abort(); },
    });
    expect([ran.status, ran.statuses]).toEqual(['Cancelled', { slow: 'Cancelled', 'slow-exit': 'Cancelled', last: 'Cancelled' }]);
  });

  it('begins nothing when it is stopped before it begins', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('before', {}, ({ task }) => void task(next, {})), { signal: AbortSignal.abort() });
    expect([ran.status, ran.statuses]).toEqual(['Cancelled', { next: 'Cancelled' }]);
    expect(ran.events.some(({ kind }) => kind === 'AttemptStarted')).toBe(false);
  });

  it('does not wait for a retry', async () => {
    const rig = await newRig();
    const stop = new AbortController();
    const ran = await rig.run(checked('retry', {}, ({ task }) => void task(shell('bad', 'exit 1'), {}, { retry: { limit: 3, wait: '600s' } })), {
      signal: stop.signal, onEvent: ({ kind }) => { if (kind === 'RetryScheduled') setTimeout(() => stop.abort(), 20); },
    });
    expect(ran.statuses).toEqual({ bad: 'Cancelled' });
    expect((await ran.task('bad')).attempts).toHaveLength(1);
  });
});

describe('time', () => {
  it('ends an attempt that takes too long, with all of its processes', async () => {
    const rig = await newRig();
    const pids = await newPids();
    const ran = await rig.run(checked('attempt-time', {}, ({ task }) => {
      task(next, {}, { after: [task(tree, {}, { timeout: '1s' })] });
    }), { environment: { PIDS: pids.path } });
    expect([ran.status, ran.statuses]).toEqual(['Failed', { tree: 'Failed', next: 'Omitted' }]);
    expect(ran.tasks[0]!.reason).toMatchObject({ code: 'PW303', message: 'The task "tree" ran out of time: it may take 1 s.' });
    expect(pids.read().length).toBe(3);
    await until(() => !pids.read().some(isRunning));
  });

  it('ends the run when its time is up: what runs has failed, the rest is left out, the exit handler runs', async () => {
    const rig = await newRig();
    const ran = await rig.run(checked('run-time', {}, ({ task, onExit }) => {
      const slow = task(shell('slow', 'sleep 30'), {});
      task(shell('waits', 'true'), {}, { name: 'no-room' });
      task(next, {}, { after: [slow] });
      onExit(({ task }) => void task(shell('tidy', 'true'), {}));
    }, { timeout: '1s' }), { maximumParallel: 1 });
    expect([ran.status, ran.reason?.code]).toEqual(['Failed', 'PW303']);
    expect(ran.statuses).toEqual({ slow: 'Failed', 'no-room': 'Omitted', next: 'Omitted', tidy: 'Succeeded' });
  });

  it('ends at once a program whose grandchild holds on to its output', async () => {
    const rig = await newRig();
    const pids = await newPids();
    const step = shell('holds', '(sleep 600 & echo $! >> "$PIDS"); echo done > "$1"', { results: { said: t.string() }, environment: ['PIDS'] });
    const ran = await rig.run(checked('holds', {}, ({ task }) => void task(step, {})), { environment: { PIDS: pids.path } });
    expect(ran.statuses).toEqual({ holds: 'Succeeded' });
    await until(() => !pids.read().some(isRunning));
  });
});
