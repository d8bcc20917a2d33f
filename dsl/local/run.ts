import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { PipewrightError } from '../errors/index.ts';
import { indexNodes, siblingDependencies, type CheckedPipeline } from '../ir/index.ts';
import { Cache } from '../../store/index.ts';
import { bindParameters } from './bind-parameters.ts';
import { rememberCode } from './code.ts';
import type { RunContext } from './context.ts';
import { createEmitter, type Emitter } from './emitter.ts';
import { History } from './history.ts';
import { loopDepths } from './instance.ts';
import type { RunOptions, RunOutcome } from './options.ts';
import { createOrder } from './order.ts';
import { carryOut } from './phases.ts';
import { thisProcess } from './process-identity.ts';
import { RunFolder } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import { Slots } from './slots.ts';
import type { Status } from './status.ts';
import { byPlace } from './summaries.ts';
import { sweepWork } from './sweep.ts';
import { Values } from './values.ts';

/** Files read at a time while tasks are looked up. */
const LOOKUPS = 16;
const GRACE_SECONDS = 5;

/**
 * Runs a pipeline on this machine, as docs/semantics.md says. What goes wrong in a step is in the outcome. It throws only
 * for what is not the pipeline's: PW307 for wrong parameters, PW309 when the run folder cannot be written, what the
 * executor's `prepare` throws (PW904), and what `onEvent` throws, after the run.
 */
export async function runPipeline(pipeline: CheckedPipeline, options: RunOptions): Promise<RunOutcome> {
  const parameters = bindParameters(pipeline, options.parameters);
  await options.executor.prepare?.();
  const root = resolve(options.folder);
  const startedAt = new Date();
  const started = performance.now();
  const maximumParallel = Math.max(1, Math.min(options.maximumParallel ?? availableParallelism(), pipeline.parallelism ?? Number.POSITIVE_INFINITY));
  const seeded = options.seed === undefined ? {} : { seed: options.seed };
  const begun = (id: string, previous: string | undefined): RunRecord => ({
    format: 'pipewright/run/1',
    id,
    pipeline: pipeline.name,
    status: 'Running',
    parameters,
    executor: options.executor.name,
    maximumParallel,
    ...seeded,
    ...(previous === undefined ? {} : { previous }),
    startedAt: startedAt.toISOString(),
    process: thisProcess(),
    tasks: [],
    groups: [],
  });
  try {
    await sweepWork(root);
    const folder = await RunFolder.create(root, pipeline, startedAt, begun);
    const emitter = createEmitter(folder, options.onEvent);
    const context = createContext(pipeline, options, parameters, root, folder, maximumParallel, emitter);
    emitter.emit({
      kind: 'RunStarted', at: startedAt.getTime(), run: folder.id, pipeline: pipeline.name, parameters, executor: options.executor.name, maximumParallel, ...seeded,
    });

    // All steps are packed at the same time; one that cannot be is told of when its task comes.
    for (const contract of Object.values(pipeline.steps)) context.codeOf(contract).catch(() => undefined);
    const edges = siblingDependencies(pipeline, context.places);
    const { status, reason } = await carryOut(context, edges, options);

    const why = reason === undefined ? {} : { reason };
    const seconds = Math.round(performance.now() - started) / 1000;
    const tasks = byPlace(context.places, context.tasks);
    const groups = byPlace(context.places, context.groups);
    const counts: Partial<Record<Status, number>> = {};
    for (const task of tasks) counts[task.status] = (counts[task.status] ?? 0) + 1;
    const cached = tasks.filter((task) => task.cached).length;
    emitter.emit({ kind: 'RunEnded', at: Date.now(), run: folder.id, status, seconds, counts, cached, ...why });
    await folder.writeRecord({ ...begun(folder.id, folder.previous), status, finishedAt: new Date().toISOString(), seconds, ...why, tasks, groups });
    await folder.close();
    emitter.rethrow();
    return { id: folder.id, status, tasks, folder: folder.path, ...why };
  } catch (error) {
    throw explainFileError(error, root);
  }
}

function createContext(
  pipeline: CheckedPipeline, options: RunOptions, parameters: RunRecord['parameters'], root: string, folder: RunFolder, maximumParallel: number, emitter: Emitter,
): RunContext {
  const places = indexNodes(pipeline);
  const { cache = true } = options;
  return {
    pipeline,
    places,
    folder,
    store: options.store,
    executor: options.executor,
    codeOf: rememberCode(options.code),
    values: new Values(parameters, loopDepths(places)),
    cache: new Cache(options.store),
    reads: cache === true || cache === 'read',
    writes: cache === true || cache === 'write',
    history: new History(root, folder.previous),
    underWay: new Map(),
    slots: new Slots(maximumParallel),
    lookups: new Slots(LOOKUPS),
    ...createOrder(options.seed),
    environment: options.environment ?? process.env,
    graceSeconds: options.graceSeconds ?? GRACE_SECONDS,
    keep: options.keep ?? 'none',
    emit: emitter.emit,
    tasks: [],
    groups: [],
  };
}

function explainFileError(cause: unknown, root: string): unknown {
  const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  if (cause instanceof PipewrightError || code === undefined || syscall === undefined) return cause;
  return new PipewrightError(
    { code: 'PW309', message: `The run folder ${root} cannot be written: ${(cause as Error).message}.`, fix: 'Free some space, give this user the right to write there, or name another folder.' },
    { cause },
  );
}
