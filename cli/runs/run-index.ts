import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listRuns, readPipeline, readRun, readTasks } from '../../dsl/local/index.ts';
import { mapBounded, type Store } from '../../store/index.ts';
import { readFigures } from '../report/read-run.ts';
import { trackRun, type TrackedRun } from './tracked-run.ts';

/** Raised whenever a `TrackedRun` gets another form or its figures other names; an index of another format is built anew. */
const FORMAT = 'pipewright/run-index/1';
const CONCURRENCY = 16;

interface IndexLine {
  /** Time and size of run.json, which a run writes last: while they are the same, so is the run. */
  readonly stamp: string;
  readonly run: TrackedRun;
}

/**
 * All runs of a folder, the newest first, with their figures.
 *
 * Reading a run takes a dozen files, so what was read is kept in `index/runs.ndjson`. The index is never the source of
 * truth: it may be removed at any time, a line counts only while run.json has not changed, and runs under way are not in
 * it. A folder that may not be written to is read without one.
 */
export async function readTrackedRuns(folder: string, openStore: () => Promise<Store>): Promise<readonly TrackedRun[]> {
  const ids = await listRuns(folder);
  const known = await readIndex(folder);
  let store: Promise<Store> | undefined;
  const found = await mapBounded(ids, CONCURRENCY, async (id): Promise<Found | undefined> => {
    const stamp = await stampOf(folder, id);
    if (stamp === undefined) return undefined;
    const line = known.get(id);
    if (line?.stamp === stamp) return { ...line, keep: true };
    return readOne(folder, id, stamp, () => (store ??= openStore()));
  });
  const lines = found.filter((line) => line !== undefined);
  const kept = lines.filter((line) => line.keep);
  if (kept.length !== known.size || kept.some(({ run, stamp }) => known.get(run.id)?.stamp !== stamp)) await writeIndex(folder, kept);
  return lines.map(({ run }) => run);
}

interface Found extends IndexLine {
  /** Whether all of it was there to be read, and nothing of it will change. */
  readonly keep: boolean;
}

async function readOne(folder: string, id: string, stamp: string, openStore: () => Promise<Store>): Promise<Found | undefined> {
  try {
    const run = await readRun(folder, id);
    const tasks = await readTasks(folder, id);
    const pipeline = await readPipeline(folder, id);
    const isOver = run.status !== 'Running' && run.status !== 'Interrupted';
    const wanted = pipeline === undefined ? 0 : tasks.flatMap(({ step, outputs }) => Object.keys(outputs).filter((output) => pipeline.steps[step]?.outputs[output]?.artifact.kind === 'metrics')).length;
    const figures = pipeline === undefined || wanted === 0 ? [] : await readFigures(await openStore(), pipeline, tasks);
    // Figures that the store does not give just now are left out; the next reader looks again.
    return { stamp, run: trackRun(run, tasks, figures), keep: isOver && figures.length === wanted };
  } catch (error) {
    // A folder whose run was cut off in its first millisecond, or a damaged one: no run that one could look at.
    if (error instanceof PipewrightError) return undefined;
    throw error;
  }
}

async function stampOf(folder: string, id: string): Promise<string | undefined> {
  const found = await stat(join(folder, 'runs', id, 'run.json'), { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.mtimeNs}-${found.size}`;
}

function pathOf(folder: string): string {
  return join(folder, 'index', 'runs.ndjson');
}

async function readIndex(folder: string): Promise<ReadonlyMap<string, IndexLine>> {
  const text = await readFile(pathOf(folder), 'utf8').catch(() => '');
  const [head, ...lines] = text.split('\n');
  if (head !== JSON.stringify({ format: FORMAT }) || lines.pop() !== '') return new Map();
  try {
    return new Map(lines.map((line) => JSON.parse(line) as IndexLine).map((line) => [line.run.id, line]));
  } catch {
    return new Map();
  }
}

async function writeIndex(folder: string, lines: readonly IndexLine[]): Promise<void> {
  const path = pathOf(folder);
  const temporary = `${path}.${process.pid}.tmp`;
  const text = [JSON.stringify({ format: FORMAT }), ...lines.map(({ stamp, run }) => JSON.stringify({ stamp, run }))].join('\n');
  try {
    await mkdir(join(folder, 'index'), { recursive: true });
    await writeFile(temporary, `${text}\n`);
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
