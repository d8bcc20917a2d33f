import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../errors/index.ts';
import type { Pipeline } from '../ir/index.ts';
import { closest } from '../util/index.ts';
import { isAlive } from './process-identity.ts';
import { readPart, readPointer } from './read-part.ts';
import type { RunRecord, TaskRecord } from './run-record.ts';
import type { RunStatus } from './status.ts';

/** A run as it is now: a record that says `Running` although its process is gone is `Interrupted`. */
export type FoundRun = Omit<RunRecord, 'status'> & { readonly status: RunStatus | 'Running' | 'Interrupted' };

/** Identifiers of all runs in a folder, the newest first. PW309 when it is no folder or may not be read. */
export async function listRuns(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'runs')).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [];
    throw new PipewrightError({ code: 'PW309', message: `The runs in ${folder} cannot be read: ${cause.message}.`, fix: 'Name the folder that runs are kept in with --folder; it is .pipewright unless you chose another.' }, { cause });
  });
  const dated = await Promise.all(names.map(async (name) => ({ name, at: OWN_NAME.test(name) ? name : await startOf(folder, name) })));
  return dated.filter((run): run is { name: string; at: string } => run.at !== undefined).sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ name }) => name);
}

const OWN_NAME = /^\d{8}-\d{6}-\d{3}-[a-z0-9]{4}$/;

/** A run on a cluster has the name of its workflow, which tells no time; its record does. In the form of the other names. */
async function startOf(folder: string, name: string): Promise<string | undefined> {
  const record = await readPart<RunRecord>(folder, name, 'run.json').catch(() => undefined);
  return record?.executor === 'argo' ? record.startedAt.replaceAll(/[-:Z]/g, '').replace('T', '-').replace('.', '-') : undefined;
}

/** The newest run, of one pipeline if it is named. Undefined when there is none. */
export async function latestRun(folder: string, pipeline?: string): Promise<string | undefined> {
  const runs = await listRuns(folder);
  if (pipeline === undefined) return runs[0];
  const pointed = await readPointer(folder, pipeline);
  if (pointed === undefined || runs.includes(pointed)) return pointed;
  // Its folder was removed: the newest of those that are left.
  for (const id of runs) if ((await readRun(folder, id).catch(() => undefined))?.pipeline === pipeline) return id;
  return undefined;
}

/** Reads a run by its identifier or by the beginning or end of one that is unique. PW903 when there is none, PW309 when it is damaged. */
export async function readRun(folder: string, wanted: string): Promise<FoundRun> {
  // A whole name needs no list: whoever reads all runs would make one for each of them.
  const whole = OWN_NAME.test(wanted) ? await readPart<RunRecord>(folder, wanted, 'run.json') : undefined;
  const id = whole === undefined ? await resolveRun(folder, wanted) : wanted;
  const record = whole ?? (await readPart<RunRecord>(folder, id, 'run.json'));
  if (record === undefined) throw noRun(folder, wanted, [], `The folder of the run "${id}" has no run.json.`);
  return record.status === 'Running' && isAlive(record.process) === false ? { ...record, status: 'Interrupted' } : record;
}

/** The pipeline as it was when it ran. PW309 when its file is damaged. */
export async function readPipeline(folder: string, run: string): Promise<Pipeline | undefined> {
  return readPart<Pipeline>(folder, run, 'pipeline.json');
}

/** Undefined for a task that never had its turn. PW309 when its file is damaged. */
export async function readTask(folder: string, run: string, task: string): Promise<TaskRecord | undefined> {
  return readPart<TaskRecord>(folder, run, join('tasks', task, 'task.json'));
}

/** All tasks that had their turn, as far as they are known while the run is under way. */
export async function readTasks(folder: string, run: string): Promise<readonly TaskRecord[]> {
  const names = await readdir(join(folder, 'runs', run, 'tasks')).catch(() => []);
  const found = await Promise.all(names.map((name) => readTask(folder, run, name)));
  return found.filter((record) => record !== undefined).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

async function resolveRun(folder: string, wanted: string): Promise<string> {
  const runs = await listRuns(folder);
  if (runs.includes(wanted)) return wanted;
  const fitting = runs.filter((id) => wanted !== '' && (id.startsWith(wanted) || id.endsWith(wanted)));
  if (fitting.length === 1) return fitting[0]!;
  throw noRun(folder, wanted, runs, fitting.length === 0 ? `There is no run "${wanted}" in ${folder}.` : `"${wanted}" may be any of ${fitting.length} runs.`);
}

function noRun(folder: string, wanted: string, runs: readonly string[], message: string): PipewrightError {
  const near = closest(wanted, runs);
  const fix = runs.length === 0 ? `No pipeline has run in ${folder} yet: run one, or name another folder.` : near === undefined ? `The newest is ${runs[0]}.` : `Did you mean ${near}?`;
  return new PipewrightError({ code: 'PW903', message, fix });
}
