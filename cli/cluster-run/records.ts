import { bindTask } from '../../dsl/local/task-instance.ts';
import { changesBetween } from '../../dsl/local/change.ts';
import type { Miss } from '../../dsl/local/event.ts';
import type { History } from '../../dsl/local/history.ts';
import { logName } from '../../dsl/local/run-folder.ts';
import type { AttemptRecord, CacheDecision, GroupSummary, TaskRecord, TaskSummary } from '../../dsl/local/run-record.ts';
import type { AttemptSeen, GroupSeen, SnapshotReader, TaskSeen } from './snapshot.ts';
import { exitCodeOf, isOver, secondsOf, secondsOfTask, type Reasons } from './tracker.ts';
import { timeOf } from './workflow.ts';

/** What a run folder keeps of a task that has had its turn, as a local run writes it; undefined for any other. */
export async function recordOf(seen: TaskSeen, run: string, reader: SnapshotReader, reasons: Reasons, history: History): Promise<TaskRecord | undefined> {
  const { task, node, items, standing, attempts, results, record, found } = seen;
  if (!isOver(standing) || attempts.length === 0) return undefined;
  const startedAt = isoOf(attempts[0]!.node.startedAt);
  return {
    format: 'pipewright/task/1',
    run,
    task,
    node: node.id,
    step: node.step,
    items,
    status: standing,
    cached: record?.cache.status === 'hit',
    seconds: secondsOfTask(seen),
    ...reasonOf(standing, reasons.ofTask(seen)),
    startedAt,
    finishedAt: isoOf(found?.finishedAt, startedAt),
    ...givenTo(seen, reader),
    outputs: record?.outputs ?? {},
    results,
    ...(record === undefined ? {} : { fingerprint: record.fingerprint, parts: record.parts }),
    cache: await decisionOf(seen, history),
    attempts: attempts.filter(({ standing: of }) => isOver(of)).map((attempt) => attemptOf(seen, attempt, reasons)),
  };
}

export function summaryOf(seen: TaskSeen, reasons: Reasons): TaskSummary | undefined {
  const { task, node, items, standing, attempts, record } = seen;
  if (!isOver(standing)) return undefined;
  return { task, node: node.id, step: node.step, items, status: standing, cached: record?.cache.status === 'hit', attempts: attempts.length, seconds: secondsOfTask(seen), ...reasonOf(standing, reasons.ofTask(seen)) };
}

export function groupSummaryOf({ group, node, items, standing, branch, length }: GroupSeen): GroupSummary | undefined {
  if (!isOver(standing)) return undefined;
  return { group, node: node.id, kind: node.kind, items, status: standing, ...(branch === undefined ? {} : { branch }), ...(length === undefined ? {} : { length }) };
}

/** Computed as the local runner does, from what the steps before gave. Artifacts of programs in other languages have no digest here. */
function givenTo({ node, items, record }: TaskSeen, { pipeline, values }: SnapshotReader): Pick<TaskRecord, 'parameters' | 'inputs'> {
  try {
    const { parameters, inputs } = bindTask(node, pipeline.steps[node.step]!, items, values);
    return { parameters, inputs };
  } catch {
    return { parameters: record?.parts.parameters ?? {}, inputs: {} };
  }
}

async function decisionOf({ task, node, record }: TaskSeen, history: History): Promise<CacheDecision> {
  if (!node.cache) return { status: 'miss', because: { why: 'off' } };
  if (record?.cache.status === 'hit') return record.cache;
  return { status: 'miss', because: await whyOf(task, record, history) };
}

/** Compared with the last run in this folder that came to the task, on a cluster or here. */
async function whyOf(task: string, record: TaskSeen['record'], history: History): Promise<Miss> {
  // A program in another language asks no cache on a cluster.
  if (record === undefined) return { why: 'off' };
  const last = await history.lastOf(task);
  if (last === undefined) return { why: 'first' };
  const changes = changesBetween(last.parts, record.parts);
  return changes.length === 0 ? { why: 'unrecorded', since: last.run } : { why: 'changed', changes, since: last.run };
}

function attemptOf(task: TaskSeen, attempt: AttemptSeen, reasons: Reasons): AttemptRecord {
  const status = isOver(attempt.standing) ? attempt.standing : 'Error';
  return { attempt: attempt.attempt, status, startedAt: isoOf(attempt.node.startedAt), seconds: secondsOf(attempt), ...exitCodeOf(attempt), log: logName(attempt.attempt), ...reasonOf(status, reasons.ofAttempt(task, attempt)) };
}

function reasonOf(status: string, reason: TaskSummary['reason']): { readonly reason?: NonNullable<TaskSummary['reason']> } {
  return reason === undefined || status === 'Succeeded' || status === 'Skipped' || status === 'Omitted' ? {} : { reason };
}

function isoOf(text: string | null | undefined, otherwise = new Date().toISOString()): string {
  const time = timeOf(text);
  return time === undefined ? otherwise : new Date(time).toISOString();
}
