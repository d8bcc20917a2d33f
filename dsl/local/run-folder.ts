import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline } from '../ir/index.ts';
import type { RunEvent } from './event.ts';
import { readJson, writeJson } from './files.ts';
import { portable } from './portable.ts';
import { readPointer } from './read-part.ts';
import type { RunRecord, TaskRecord } from './run-record.ts';

/** Everything a run writes below its folder, see run-record.ts for the layout. */
export class RunFolder {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Absolute; attempts work here. */
  readonly work: string;
  /** The run of the same pipeline before this one. */
  readonly previous: string | undefined;
  readonly #events: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #scheduled = false;
  #failure: unknown;

  private constructor(root: string, id: string, previous: string | undefined, events: FileHandle) {
    this.id = id;
    this.path = join(root, 'runs', id);
    this.work = join(root, 'work', id);
    this.previous = previous;
    this.#events = events;
  }

  /** Makes the folder; the record is on the disk before the work folder exists, so a sweep never takes a living one. */
  static async create(root: string, pipeline: Pipeline, startedAt: Date, record: (id: string, previous: string | undefined) => RunRecord): Promise<RunFolder> {
    return RunFolder.#fill(root, await claimId(root, startedAt), pipeline, record, await readPointer(root, pipeline.name), true);
  }

  /**
   * The folder of a run that has its name from elsewhere, a workflow on a cluster. One that is there already is begun
   * anew: whoever follows the run hears all of it again. The last run of the pipeline is still the one that began last,
   * unless this one `isNew`: a cluster's clock may be behind.
   */
  static async createNamed(root: string, id: string, pipeline: Pipeline, record: (id: string, previous: string | undefined) => RunRecord, { isNew = false }: { readonly isNew?: boolean } = {}): Promise<RunFolder> {
    await mkdir(join(root, 'runs', id), { recursive: true });
    await rm(join(root, 'runs', id, 'events.ndjson'), { force: true });
    const { startedAt } = record(id, undefined);
    const { previous, isLast } = await placeAmong(root, pipeline.name, id, isNew ? undefined : startedAt);
    return RunFolder.#fill(root, id, pipeline, record, previous, isLast);
  }

  static async #fill(root: string, id: string, pipeline: Pipeline, record: (id: string, previous: string | undefined) => RunRecord, previous: string | undefined, isLast: boolean): Promise<RunFolder> {
    await mkdir(join(root, 'pipelines'), { recursive: true });
    const folder = new RunFolder(root, id, previous, await open(join(root, 'runs', id, 'events.ndjson'), 'a'));
    await folder.writeRecord(record(id, previous));
    await writeJson(join(folder.path, 'pipeline.json'), portable(pipeline));
    if (isLast) await writeJson(join(root, 'pipelines', `${pipeline.name}.json`), { latest: id });
    await mkdir(folder.work, { recursive: true });
    return folder;
  }

  async writeRecord(record: RunRecord): Promise<void> {
    await writeJson(join(this.path, 'run.json'), record);
  }

  /** Never rejects: what a task did stands even if it cannot be written down, and `close` tells of it. */
  async writeTask(record: TaskRecord): Promise<void> {
    try {
      await mkdir(this.taskFolder(record.task), { recursive: true });
      await writeJson(join(this.taskFolder(record.task), 'task.json'), record);
    } catch (error) {
      this.#failure ??= error;
    }
  }

  taskFolder(task: string): string {
    return join(this.path, 'tasks', task);
  }

  openLog(task: string, attempt: number): WriteStream {
    mkdirSync(this.taskFolder(task), { recursive: true });
    return createWriteStream(join(this.taskFolder(task), logName(attempt)));
  }

  /** Moves an attempt's work folder to where a person can look at it. */
  async keepWork(work: string, task: string, attempt: number): Promise<void> {
    await mkdir(this.taskFolder(task), { recursive: true });
    await rename(work, join(this.taskFolder(task), `attempt-${attempt}`));
  }

  /** Lines are gathered while the last ones are being written: one write for many events. */
  append(event: RunEvent): void {
    this.#pending.push(JSON.stringify(event));
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#writing = this.#writing.then(async () => {
      const text = `${this.#pending.join('\n')}\n`;
      this.#pending = [];
      this.#scheduled = false;
      await this.#events.appendFile(text).catch((error: unknown) => (this.#failure ??= error));
    });
  }

  /** Removes the work folder, and throws what went wrong while events and tasks were written down. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#events.close();
    await rm(this.work, { recursive: true, force: true, maxRetries: 3 });
    if (this.#failure !== undefined) throw this.#failure;
  }
}

export function logName(attempt: number): string {
  return `attempt-${attempt}.log`;
}

/** The run before one that began at a time, or before now, and whether none began later. Its own entry does not count. */
async function placeAmong(root: string, pipeline: string, id: string, startedAt: string | undefined): Promise<{ readonly previous: string | undefined; readonly isLast: boolean }> {
  let isLast = true;
  const passed = new Set<string>();
  let run = await readPointer(root, pipeline);
  while (run !== undefined && !passed.has(run)) {
    passed.add(run);
    const record = (await readJson(join(root, 'runs', run, 'run.json')).catch(() => undefined)) as RunRecord | undefined;
    const isLater = record !== undefined && startedAt !== undefined && record.startedAt > startedAt;
    if (run !== id && !isLater) return { previous: run, isLast };
    if (run !== id) isLast = false;
    run = record?.previous;
  }
  return { previous: undefined, isLast };
}

async function claimId(root: string, startedAt: Date): Promise<string> {
  await mkdir(join(root, 'runs'), { recursive: true });
  for (;;) {
    const id = newRunId(startedAt);
    try {
      await mkdir(join(root, 'runs', id));
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** `20260131-235959-123-k3f9`: sorts by time, and two runs of the same millisecond still differ. */
export function newRunId(startedAt: Date): string {
  const [day, time] = startedAt.toISOString().replace('Z', '').split('T') as [string, string];
  const letters = [...randomBytes(4)].map((byte) => 'abcdefghijkmnpqrstuvwxyz23456789'[byte % 32]).join('');
  return `${day.replaceAll('-', '')}-${time.replaceAll(':', '').replace('.', '-')}-${letters}`;
}
