import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readPipeline, readRun, readTasks, type FoundRun, type TaskRecord, type TaskSummary } from '../../dsl/local/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import type { Store } from '../../store/index.ts';
import { stripSequences } from '../words/controls.ts';
import { parseFigures } from './parse-figures.ts';
import type { LogTail, RunDocument, TaskFigures } from './run-document.ts';

/** Of a larger document not even the thinned picture is worth the wait. */
const LARGEST_FIGURES_BYTES = 64 * 1024 * 1024;
const TAIL_BYTES = 32 * 1024;
const FAILED_LINES = 60;
const OTHER_LINES = 12;
/** With more tasks than this only the logs of those that failed are shown. */
const MANY_TASKS = 60;

/** Reads all of a run that a report or a summary shows. PW903 when there is no such run; what is missing in the store is left out. */
export async function readRunDocument(folder: string, wanted: string, store: Store): Promise<RunDocument> {
  const run = await readRun(folder, wanted);
  const pipeline = await readPipeline(folder, run.id);
  if (pipeline === undefined) {
    throw new PipewrightError({ code: 'PW903', message: `The folder of the run ${run.id} has no pipeline.json.`, fix: 'Run the pipeline again; this run was cut off before it began.' });
  }
  const records = await readTasks(folder, run.id);
  const tasks = inOrder(run, records);
  return { run, pipeline, tasks, figures: await readFigures(store, pipeline, tasks), logs: await readLogs(folder, run.id, tasks) };
}

/** The order of the pipeline. Tasks that never had their turn have no record of their own, only the line in the run's. */
function inOrder(run: FoundRun, records: readonly TaskRecord[]): readonly TaskRecord[] {
  const byName = new Map(records.map((record) => [record.task, record]));
  if (run.tasks.length === 0) return records;
  return run.tasks.map((summary) => byName.get(summary.task) ?? recordOfNothing(run, summary));
}

function recordOfNothing(run: FoundRun, { attempts: _, ...summary }: TaskSummary): TaskRecord {
  const at = run.finishedAt ?? run.startedAt;
  return { ...summary, format: 'pipewright/task/1', run: run.id, startedAt: at, finishedAt: at, parameters: {}, inputs: {}, outputs: {}, results: {}, cache: { status: 'unasked' }, attempts: [] };
}

export async function readFigures(store: Store, pipeline: Pipeline, tasks: readonly Pick<TaskRecord, 'task' | 'step' | 'outputs'>[]): Promise<readonly TaskFigures[]> {
  const found: TaskFigures[] = [];
  for (const { task, step, outputs } of tasks) {
    for (const [output, reference] of Object.entries(outputs)) {
      if (pipeline.steps[step]?.outputs[output]?.artifact.kind !== 'metrics' || reference.size > LARGEST_FIGURES_BYTES) continue;
      const figures = await readObject(store, reference.digest);
      if (figures !== undefined) found.push({ task, output, figures });
    }
  }
  return found;
}

async function readObject(store: Store, digest: Digest): Promise<TaskFigures['figures'] | undefined> {
  try {
    return parseFigures(await text(await store.getObject(digest)));
  } catch (error) {
    // Cleaned away or damaged: the report goes without it, and `artifacts get` says what is wrong.
    if (error instanceof PipewrightError) return undefined;
    throw error;
  }
}

async function readLogs(folder: string, run: string, tasks: readonly TaskRecord[]): Promise<ReadonlyMap<string, LogTail>> {
  const logs = new Map<string, LogTail>();
  for (const { task, status, attempts } of tasks) {
    const isBad = status === 'Failed' || status === 'Error';
    const last = attempts.at(-1);
    if (last === undefined || (!isBad && tasks.length > MANY_TASKS)) continue;
    const tail = await readTail(join(folder, 'runs', run, 'tasks', task, last.log), isBad ? FAILED_LINES : OTHER_LINES);
    if (tail !== undefined && tail.lines.length > 0) logs.set(task, { attempt: last.attempt, ...tail });
  }
  return logs;
}

/** The last lines of a file without reading all of it. Undefined when it cannot be read. */
export async function readTail(path: string, count: number): Promise<Omit<LogTail, 'attempt'> | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    await file.read(bytes, 0, bytes.length, from);
    const lines = stripSequences(bytes.toString('utf8')).replaceAll('\r', '').split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (from > 0) lines.shift();
    return { lines: lines.slice(-count), isCut: from > 0 || lines.length > count };
  } finally {
    await file.close();
  }
}
