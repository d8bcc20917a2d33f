import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { createBundler, createProcessExecutor, readTask, runPipeline, type RunEvent, type RunOptions, type RunOutcome, type TaskRecord } from '../../dsl/local/index.ts';
import { openDirectoryStore, type DirectoryStore } from '../../store/index.ts';

export { checked, shell } from './pipelines.ts';

/** A new folder, removed when the test is over. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-local-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export interface Ran extends RunOutcome {
  readonly events: readonly RunEvent[];
  /** `{ 'train(0)': 'Succeeded', … }` */
  readonly statuses: Readonly<Record<string, string>>;
  /** Names of tasks that took their outputs from the cache. */
  readonly cached: readonly string[];
  readonly task: (name: string) => Promise<TaskRecord>;
}

export interface Rig {
  readonly folder: string;
  readonly store: DirectoryStore;
  readonly options: RunOptions;
  readonly run: (pipeline: CheckedPipeline, options?: Partial<RunOptions>) => Promise<Ran>;
}

/** Everything real in a temporary folder: store, bundles, child processes. */
export async function newRig(more: Partial<RunOptions> = {}): Promise<Rig> {
  const root = await newFolder();
  const folder = join(root, '.pipewright');
  const store = await openDirectoryStore(join(root, 'store'));
  const bundler = createBundler({ folder });
  const options: RunOptions = { folder, store, executor: createProcessExecutor(bundler), code: bundler.codeOf, graceSeconds: 0.5, ...more };
  return {
    folder,
    store,
    options,
    run: async (pipeline, extra = {}) => {
      const events: RunEvent[] = [];
      const outcome = await runPipeline(pipeline, { ...options, ...extra, onEvent: (event) => { events.push(event); extra.onEvent?.(event); } });
      return {
        ...outcome,
        events,
        statuses: Object.fromEntries(outcome.tasks.map(({ task, status }) => [task, status])),
        cached: outcome.tasks.filter(({ cached }) => cached).map(({ task }) => task),
        task: async (name) => (await readTask(folder, outcome.id, name)) ?? Promise.reject(new Error(`no record of ${name}`)),
      };
    },
  };
}

/** Whether a process is there and not merely waiting to be collected. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/** Waits until something holds; the test's own time is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
