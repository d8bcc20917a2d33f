import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { latestRun, listRuns, readRun } from '../../../dsl/local/index.ts';
import { RunFolder } from '../../../dsl/local/run-folder.ts';
import type { RunRecord } from '../../../dsl/local/run-record.ts';
import { PIPELINE } from './story.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pipewright-named-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const record = (startedAt: string) => (id: string, previous: string | undefined): RunRecord => ({
  format: 'pipewright/run/1', id, pipeline: PIPELINE.name, status: 'Running', parameters: {}, executor: 'argo', maximumParallel: 0, ...(previous === undefined ? {} : { previous }), startedAt, process: { pid: 0, host: 'cluster' }, tasks: [], groups: [],
});

async function create(name: string, startedAt: string): Promise<void> {
  await (await RunFolder.createNamed(root, name, PIPELINE, record(startedAt))).close();
}

describe('runs that have their name from a cluster', () => {
  it('stand among the others in the order of time', async () => {
    const names = ['20260131-120000-000-aaaa', '20260131-140000-000-bbbb'];
    for (const name of names) await mkdir(join(root, 'runs', name), { recursive: true });
    await create('sample-zz', '2026-01-31T13:00:00.000Z');
    await create('sample-aa', '2026-01-31T15:00:00.000Z');
    await mkdir(join(root, 'runs', 'not-a-run'));
    await writeFile(join(root, 'runs', 'a-file'), '');
    expect(await listRuns(root)).toEqual(['sample-aa', names[1], 'sample-zz', names[0]]);
  });

  it('are the latest of their pipeline, and know the one before', async () => {
    await create('sample-a', '2026-01-31T13:00:00.000Z');
    await create('sample-b', '2026-01-31T14:00:00.000Z');
    expect(await latestRun(root, PIPELINE.name)).toBe('sample-b');
    expect((await readRun(root, 'sample-b')).previous).toBe('sample-a');
  });

  it('that are looked at again do not become the latest, and stand where they stood', async () => {
    await create('sample-a', '2026-01-31T13:00:00.000Z');
    await create('sample-b', '2026-01-31T14:00:00.000Z');
    await create('sample-c', '2026-01-31T15:00:00.000Z');
    await create('sample-b', '2026-01-31T14:00:00.000Z');
    // One that was never looked at here.
    await create('sample-between', '2026-01-31T14:30:00.000Z');
    expect(await latestRun(root, PIPELINE.name)).toBe('sample-c');
    expect((await readRun(root, 'sample-b')).previous).toBe('sample-a');
    expect((await readRun(root, 'sample-between')).previous).toBe('sample-b');
    expect((await readRun(root, 'sample-c')).previous).toBe('sample-b');
  });

  it('that were submitted just now are the latest, although the clock of the cluster is behind', async () => {
    await create('sample-a', '2026-01-31T13:00:00.000Z');
    await (await RunFolder.createNamed(root, 'sample-b', PIPELINE, record('2026-01-31T12:59:00.000Z'), { isNew: true })).close();
    expect(await latestRun(root, PIPELINE.name)).toBe('sample-b');
    expect((await readRun(root, 'sample-b')).previous).toBe('sample-a');
  });

  it('are begun anew by whoever follows them again', async () => {
    await create('sample-a', '2026-01-31T13:00:00.000Z');
    await create('sample-b', '2026-01-31T14:00:00.000Z');
    const again = await RunFolder.createNamed(root, 'sample-b', PIPELINE, record('2026-01-31T14:00:00.000Z'));
    again.append({ kind: 'ExitHandlerStarted', at: 1, status: 'Succeeded' });
    await again.close();
    expect((await readRun(root, 'sample-b')).previous).toBe('sample-a');
    expect((await readFile(join(root, 'runs/sample-b/events.ndjson'), 'utf8')).trim().split('\n')).toHaveLength(1);
  });

  it('go on without anybody who looks on', async () => {
    await create('sample-a', '2026-01-31T13:00:00.000Z');
    expect((await readRun(root, 'sample-a')).status).toBe('Running');
  });
});
