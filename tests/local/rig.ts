import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { pipeline as build, type RootScope } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { defineContainerStep, type InputPorts, type OutputPorts, type ParameterPorts, type ResultPorts, type Step } from '../../dsl/contract/index.ts';
import type { CheckedPipeline, Pipeline } from '../../dsl/ir/index.ts';
import { createBundler, createProcessExecutor, readTask, runPipeline, type RunEvent, type RunOptions, type RunOutcome, type TaskRecord } from '../../dsl/local/index.ts';
import { openDirectoryStore, type DirectoryStore } from '../../store/index.ts';

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

/** Builds and checks a pipeline in one go. */
export function checked<const P extends ParameterPorts = {}>(name: string, params: P, body: (scope: RootScope<P>) => void, options: { parallelism?: number; timeout?: `${number}s` } = {}): CheckedPipeline {
  return demandChecked(build(name, { params, ...options }, body) as Pipeline);
}

/** A step of one shell line. `$1`, `$2`, … are its parameters, inputs, outputs and results, in this order and as declared. */
export function shell<
  const P extends ParameterPorts = {}, const I extends InputPorts = {}, const O extends OutputPorts = {}, const R extends ResultPorts = {},
>(name: string, script: string, ports: { parameters?: P; inputs?: I; outputs?: O; results?: R; environment?: readonly string[] } = {}): Step<P, I, O, R> {
  return defineContainerStep<P, I, O, R>({
    name,
    image: 'busybox',
    ...ports,
    command: ({ parameter, input, output, result }) => [
      'sh', '-c', script, name,
      ...Object.keys(ports.parameters ?? {}).map((port) => parameter(port as keyof P & string)),
      ...Object.keys(ports.inputs ?? {}).map((port) => input(port as keyof I & string)),
      ...Object.keys(ports.outputs ?? {}).map((port) => output(port as keyof O & string)),
      ...Object.keys(ports.results ?? {}).map((port) => result(port as keyof R & string)),
    ],
  });
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
