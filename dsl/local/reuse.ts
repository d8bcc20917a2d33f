import { fingerprintOf, type FingerprintParts } from '../contract/index.ts';
import { withoutSecrets } from '../../store/index.ts';
import { runAttempts, type Tried } from './attempts.ts';
import type { CacheRecord } from './cache-record.ts';
import { changesBetween } from './change.ts';
import type { Phase, RunContext } from './context.ts';
import type { Miss } from './event.ts';
import type { CacheDecision } from './run-record.ts';
import type { Ticket } from './slots.ts';
import type { TaskInstance } from './task-instance.ts';

export interface Done extends Tried {
  readonly cache: CacheDecision;
}

/** Takes a task's outputs from the cache or from a twin at work; works itself where there is neither. */
export async function reuseOrWork(context: RunContext, task: TaskInstance, parts: FingerprintParts, phase: Phase, order: number, ticket: Ticket): Promise<Done> {
  if (!context.reads || !task.node.cache) return (await work(context, task, parts, { why: 'off' }, phase, ticket)).done;
  const fingerprint = fingerprintOf(parts);
  for (let twin = context.underWay.get(fingerprint); twin !== undefined; twin = context.underWay.get(fingerprint)) {
    ticket.withdraw();
    const record = await twin;
    if (record !== undefined) return taken(record);
    // A twin that failed hands nothing over: the next one tries for itself.
    ticket.announce();
  }
  let tell: (record: CacheRecord | undefined) => void = () => undefined;
  context.underWay.set(fingerprint, new Promise((resolve) => (tell = resolve)));
  let made: CacheRecord | undefined;
  try {
    const found = await lookUp(context, fingerprint, order);
    if (found.kind === 'hit') {
      made = found.record;
      return taken(found.record);
    }
    const because: Miss = found.kind === 'lost' ? { why: 'lost', missing: found.missing } : await whyNew(context, task, parts);
    const worked = await work(context, task, parts, because, phase, ticket);
    made = worked.record;
    return worked.done;
  } finally {
    context.underWay.delete(fingerprint);
    tell(made);
  }
}

async function lookUp(context: RunContext, fingerprint: ReturnType<typeof fingerprintOf>, order: number) {
  const giveBack = await context.lookups.take(order);
  try {
    return await context.cache.lookUp(fingerprint);
  } finally {
    giveBack();
  }
}

function taken({ outputs, results, run, task, finishedAt, seconds }: CacheRecord): Done {
  return { status: 'Succeeded', attempts: [], produced: { outputs, results }, cache: { status: 'hit', run, task, finishedAt, seconds } };
}

async function work(
  context: RunContext, task: TaskInstance, parts: FingerprintParts, because: Miss, phase: Phase, ticket: Ticket,
): Promise<{ readonly done: Done; readonly record?: CacheRecord }> {
  context.emit({ kind: 'TaskStarted', at: Date.now(), task: task.name, node: task.node.id, step: task.node.step, because });
  const tried = await runAttempts(context, task, phase, ticket);
  const done: Done = { ...tried, cache: { status: 'miss', because } };
  if (tried.produced === undefined || !task.node.cache) return { done };
  const made = {
    ...tried.produced,
    run: context.folder.id,
    task: task.name,
    finishedAt: new Date().toISOString(),
    seconds: tried.attempts.at(-1)!.seconds,
  };
  const record: CacheRecord = context.writes
    ? await context.cache.keep(parts, made)
    : { format: 'pipewright/cache/1', fingerprint: fingerprintOf(parts), parts: withoutSecrets(parts), ...made };
  return { done, record };
}

/** Why there is no record: compared with the last run that came to this task. */
async function whyNew(context: RunContext, task: TaskInstance, parts: FingerprintParts): Promise<Miss> {
  const last = await context.history.lastOf(task.name);
  if (last === undefined) return { why: 'first' };
  const changes = changesBetween(last.parts, withoutSecrets(parts));
  return changes.length === 0 ? { why: 'unrecorded', since: last.run } : { why: 'changed', changes, since: last.run };
}
