import { fingerprintOf, type FingerprintParts } from '../contract/index.ts';
import type { Task } from '../ir/index.ts';
import { withoutSecrets } from '../../store/index.ts';
import { secondsSince } from './attempt.ts';
import type { Phase, RunContext } from './context.ts';
import { reasonOf } from './reason.ts';
import { reuseOrWork, type Done } from './reuse.ts';
import type { TaskRecord } from './run-record.ts';
import type { Status } from './status.ts';
import { bindTask, partsOf, type TaskInstance } from './task-instance.ts';

/** What is known of a task so far, also when it then goes wrong. */
interface Known {
  task?: TaskInstance;
  parts?: FingerprintParts;
}

/** Runs one instance of a task, or takes its outputs from an earlier run. Never rejects: what goes wrong is its status. */
export async function runTask(context: RunContext, node: Task, at: readonly number[], phase: Phase): Promise<Status> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const known: Known = {};
  const done = await bindAndRun(context, node, at, phase, known).catch((error: unknown): Done => {
    const reason = reasonOf(error);
    // On the cluster the step itself refuses a value that does not fit, with exit code 64; the status is the same here.
    return { status: reason.code === 'PW106' ? 'Failed' : 'Error', cache: { status: 'unasked' }, attempts: [], reason };
  });
  const { status, cache, attempts, produced, reason } = done;
  const why = reason === undefined ? {} : { reason };
  const task = context.values.nameOf(node.id, at);
  const seconds = secondsSince(started);
  const summary = { task, node: node.id, step: node.step, items: at, status, cached: cache.status === 'hit', seconds, ...why };
  const record: TaskRecord = {
    format: 'pipewright/task/1',
    run: context.folder.id,
    ...summary,
    startedAt,
    finishedAt: new Date().toISOString(),
    parameters: known.task?.parameters ?? {},
    inputs: known.task?.inputs ?? {},
    outputs: produced?.outputs ?? {},
    results: produced?.results ?? {},
    ...(known.parts === undefined ? {} : { fingerprint: fingerprintOf(known.parts), parts: withoutSecrets(known.parts) }),
    cache,
    attempts,
  };
  await context.folder.writeTask(record);
  if (produced !== undefined) context.values.setProduced(node.id, at, produced);
  context.tasks.push({ ...summary, attempts: attempts.length });
  const from = cache.status === 'hit' ? { cached: { run: cache.run, task: cache.task } } : {};
  context.emit({ kind: 'TaskEnded', at: Date.now(), task, node: node.id, step: node.step, status, ...from, seconds, results: record.results, ...why });
  return status;
}

async function bindAndRun(context: RunContext, node: Task, at: readonly number[], phase: Phase, known: Known): Promise<Done> {
  const order = context.nextOrder();
  const ticket = context.slots.announce(order);
  try {
    const contract = context.pipeline.steps[node.step]!;
    const task = bindTask(node, contract, at, context.values);
    known.task = task;
    const parts = partsOf(task, await context.codeOf(contract), context.environment);
    known.parts = parts;
    return await reuseOrWork(context, task, parts, phase, order, ticket);
  } finally {
    ticket.withdraw();
  }
}
