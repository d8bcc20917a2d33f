import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { artifact, defineStep, t } from '../../dsl/contract/index.ts';
import { latestRun, listRuns, readPipeline, readRun, readTasks, type RunRecord } from '../../dsl/local/index.ts';
import { thisProcess } from '../../dsl/local/process-identity.ts';
import { newRunId } from '../../dsl/local/run-folder.ts';
import { checked, newFolder, newRig, shell } from './rig.ts';
import { double } from './steps/double/contract.ts';

const write = shell('write', 'echo "$1" > "$2"', { parameters: { word: t.string() }, outputs: { file: artifact.file() } });

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

it('names runs so that they sort by time, and never twice the same', () => {
  const early = newRunId(new Date('2026-01-31T23:59:59.123Z'));
  expect(early).toMatch(/^20260131-235959-123-[a-z0-9]{4}$/);
  expect(early < newRunId(new Date('2026-02-01T00:00:00.000Z'))).toBe(true);
});

it('holds no path of this machine and can be moved', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('moved', {}, ({ task }) => {
    task(double, { n: 4 });
    task(write, { word: 'x' });
    task(shell('bad', 'exit 1'), {});
  }));
  for (const file of await filesBelow(ran.folder)) {
    if (file.endsWith('.log')) continue;
    expect(await readFile(file, 'utf8'), file).not.toContain(join(rig.folder, '..'));
    expect(await readFile(file, 'utf8'), file).not.toContain(process.cwd());
  }
  const elsewhere = await newFolder();
  await cp(rig.folder, elsewhere, { recursive: true });
  const moved = await readRun(elsewhere, ran.id);
  expect(moved).toMatchObject({ id: ran.id, status: 'Failed', pipeline: 'moved', executor: 'process' });
  expect(moved.tasks.map(({ task }) => task)).toEqual(['double', 'write', 'bad']);
  expect((await readTasks(elsewhere, ran.id)).map(({ task }) => task).sort()).toEqual(['bad', 'double', 'write']);
  expect((await readPipeline(elsewhere, ran.id))!.body.map(({ id }) => id)).toEqual(['double', 'write', 'bad']);
  expect(await latestRun(elsewhere, 'moved')).toBe(ran.id);
  expect(await listRuns(elsewhere)).toEqual([ran.id]);
});

it('finds a run by a unique part of its name', async () => {
  const rig = await newRig();
  const pipeline = checked('found', {}, ({ task }) => void task(write, { word: 'x' }));
  const [first, second] = [await rig.run(pipeline), await rig.run(pipeline)];
  expect((await readRun(rig.folder, first.id.slice(-4))).id).toBe(first.id);
  expect((await readRun(rig.folder, second.id)).previous).toBe(first.id);
  await expect(readRun(rig.folder, first.id.slice(0, 4))).rejects.toMatchObject({ code: 'PW903', message: expect.stringContaining('2 runs') });
  await expect(readRun(await newFolder(), 'x')).rejects.toMatchObject({ issues: [{ fix: expect.stringContaining('No pipeline has run') }] });
});

it('shows a run without its process as interrupted, sweeps its work and leaves a living one alone', async () => {
  const rig = await newRig();
  const gone = spawn('true');
  await new Promise((resolve) => gone.once('exit', resolve));
  const place = async (id: string, process: RunRecord['process']): Promise<void> => {
    const record: RunRecord = { format: 'pipewright/run/1', id, pipeline: 'p', status: 'Running', parameters: {}, executor: 'process', maximumParallel: 1, startedAt: new Date().toISOString(), process, tasks: [], groups: [] };
    await mkdir(join(rig.folder, 'runs', id), { recursive: true });
    await writeFile(join(rig.folder, 'runs', id, 'run.json'), JSON.stringify(record));
    await mkdir(join(rig.folder, 'work', id, 'train', '1'), { recursive: true });
    await writeFile(join(rig.folder, 'work', id, 'train', '1', 'half'), 'x');
  };
  const me = thisProcess();
  const runs = { dead: '20200101-000000-000-dead', reborn: '20200101-000000-000-rebn', living: '20200101-000000-000-livg', foreign: '20200101-000000-000-forn' };
  await place(runs.dead, { ...me, pid: gone.pid! });
  await place(runs.reborn, { ...me, start: '1' });
  await place(runs.living, me);
  await place(runs.foreign, { ...me, host: '00000000' });
  const statuses = await Promise.all(Object.values(runs).map(async (id) => (await readRun(rig.folder, id)).status));
  expect(statuses).toEqual(['Interrupted', 'Interrupted', 'Running', 'Running']);
  await rig.run(checked('sweeps', {}, ({ task }) => void task(write, { word: 'x' })));
  expect((await readdir(join(rig.folder, 'work'))).sort()).toEqual([runs.foreign, runs.living].sort());
});

it('says so when the folder cannot be written', async () => {
  const rig = await newRig();
  await writeFile(rig.folder, 'a file is in the way');
  const pipeline = checked('blocked', {}, ({ task }) => void task(write, { word: 'x' }));
  await expect(rig.run(pipeline)).rejects.toMatchObject({ code: 'PW309', issues: [{ fix: expect.stringContaining('name another folder') }] });
});

it('errs on a step whose program cannot be packed, and runs the others', async () => {
  const rig = await newRig();
  const ran = await rig.run(checked('unpackable', {}, ({ task }) => {
    task(defineStep({ name: 'nowhere', entry: './no-such-file.ts' }), {});
    task(write, { word: 'x' });
  }));
  expect(ran.tasks.map(({ task, status, reason }) => [task, status, reason?.code])).toEqual([['nowhere', 'Error', 'PW306'], ['write', 'Succeeded', undefined]]);
});
