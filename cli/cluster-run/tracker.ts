import { indexNodes, type Pipeline, type Place } from '../../dsl/ir/index.ts';
import { pauseBefore } from '../../dsl/local/attempts.ts';
import type { RunEvent } from '../../dsl/local/event.ts';
import type { Reason } from '../../dsl/local/run-record.ts';
import type { RunStatus, Status } from '../../dsl/local/status.ts';
import { byPlace } from '../../dsl/local/summaries.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { AttemptSeen, GroupSeen, Snapshot, Standing, TaskSeen } from './snapshot.ts';
import { timeOf } from './workflow.ts';

/** Why an attempt, a task or the run did not succeed; undefined where that is not known. */
export interface Reasons {
  readonly ofAttempt: (task: TaskSeen, attempt: AttemptSeen) => Reason | undefined;
  readonly ofTask: (task: TaskSeen) => Reason | undefined;
  readonly ofRun: () => Reason | undefined;
}

/**
 * Turns what a workflow looks like, time after time, into the events of a run, in the order that dsl/local/event.ts
 * promises. It looks only at what is, not at how it came to be: an observer that missed an hour tells the same story.
 */
export class Tracker {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #parameters: Readonly<Record<string, Json>>;
  readonly #maximumParallel: number;
  /** On a cluster only our own harness asks the cache. */
  readonly #asksCache: (seen: TaskSeen) => boolean;
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  #hasStarted = false;
  #hasStopped = false;
  #isInExitHandler = false;

  constructor(pipeline: Pipeline, parameters: Readonly<Record<string, Json>>) {
    this.#places = indexNodes(pipeline);
    this.#parameters = parameters;
    this.#maximumParallel = pipeline.parallelism ?? 0;
    this.#asksCache = ({ node }) => pipeline.steps[node.step]?.program.kind === 'module';
  }

  /** Attempts that have ended since the last call to `apply`: their logs are to be read to the end before. */
  newlyEnded({ tasks }: Snapshot): readonly { readonly task: TaskSeen; readonly attempt: AttemptSeen }[] {
    return tasks.flatMap((task) => task.attempts.filter((attempt) => isOver(attempt.standing) && !this.#ended.has(keyOf(task, attempt))).map((attempt) => ({ task, attempt })));
  }

  /** What is new. `at` is now, for what the workflow gives no time. */
  apply(snapshot: Snapshot, at: number, reasons: Reasons): readonly RunEvent[] {
    const events: RunEvent[] = [];
    const { workflow } = snapshot;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      const startedAt = timeOf(workflow.status?.startedAt) ?? timeOf(workflow.metadata.creationTimestamp) ?? at;
      events.push({
        kind: 'RunStarted', at: startedAt, run: workflow.metadata.name, pipeline: workflow.metadata.labels?.['app.kubernetes.io/part-of'] ?? workflow.spec.workflowTemplateRef?.name ?? workflow.metadata.name,
        parameters: this.#parameters, executor: 'argo', maximumParallel: this.#maximumParallel,
      });
    }
    for (const group of snapshot.groups) events.push(...this.#groupBegins(group, at));
    const shutdown = workflow.spec.shutdown;
    if (shutdown && !this.#hasStopped) {
      this.#hasStopped = true;
      events.push({ kind: 'RunStopping', at, why: shutdown === 'Stop' ? 'cancelled' : 'terminated' });
    }
    // The exit handler's tasks come after its beginning, everything else before.
    const isExit = ({ node }: TaskSeen | GroupSeen): boolean => this.#places.get(node.id)?.root === 'onExit';
    for (const task of snapshot.tasks) if (!isExit(task)) events.push(...this.#task(task, at, reasons));
    for (const group of snapshot.groups) if (!isExit(group)) events.push(...this.#groupEnds(group, at));
    if (snapshot.isInExitHandler && !this.#isInExitHandler) {
      this.#isInExitHandler = true;
      const body = workflow.status?.nodes?.[workflow.metadata.name]?.phase;
      events.push({ kind: 'ExitHandlerStarted', at, status: body === 'Failed' || body === 'Error' ? body : 'Succeeded' });
    }
    for (const task of snapshot.tasks) if (isExit(task)) events.push(...this.#task(task, at, reasons));
    for (const group of snapshot.groups) if (isExit(group)) events.push(...this.#groupEnds(group, at));
    return events;
  }

  /** The last event, when all is written down. */
  end(snapshot: Snapshot, at: number, reason: Reason | undefined): RunEvent {
    return runEnded(snapshot, at, reason);
  }

  #groupBegins({ group, node, branch, length, standing }: GroupSeen, at: number): readonly RunEvent[] {
    const key = `group ${group}`;
    if (this.#begun.has(key) || this.#ended.has(key)) return [];
    if (branch !== undefined && standing !== 'Omitted') {
      this.#begun.add(key);
      return [{ kind: 'BranchTaken', at, group, node: node.id, branch }];
    }
    if (length === undefined || standing === 'Omitted') return [];
    this.#begun.add(key);
    return [{ kind: 'LoopExpanded', at, group, node: node.id, items: length }];
  }

  #groupEnds({ group, node, standing }: GroupSeen, at: number): readonly RunEvent[] {
    const key = `group ${group}`;
    if (!isOver(standing) || this.#ended.has(key)) return [];
    this.#ended.add(key);
    return [{ kind: 'GroupEnded', at, group, node: node.id, status: standing }];
  }

  #task(seen: TaskSeen, at: number, reasons: Reasons): readonly RunEvent[] {
    const key = `task ${seen.task}`;
    if (this.#ended.has(key)) return [];
    const events: RunEvent[] = [];
    const named = { task: seen.task, node: seen.node.id };
    if (seen.attempts.length > 0 && !this.#begun.has(key)) {
      this.#begun.add(key);
      events.push({ kind: 'TaskStarted', at: timeOf(seen.attempts[0]!.node.startedAt) ?? at, ...named, step: seen.node.step, because: { why: seen.node.cache && this.#asksCache(seen) ? 'undecided' : 'off' } });
    }
    for (const attempt of seen.attempts) {
      const id = keyOf(seen, attempt);
      if (!this.#begun.has(id)) {
        this.#begun.add(id);
        if (attempt.attempt > 1) events.push({ kind: 'RetryScheduled', at, ...named, nextAttempt: attempt.attempt, afterSeconds: pauseBefore(seen.node.retry, attempt.attempt - 1) });
        events.push({ kind: 'AttemptStarted', at: timeOf(attempt.node.startedAt) ?? at, ...named, attempt: attempt.attempt });
      }
      if (!isOver(attempt.standing) || this.#ended.has(id)) continue;
      this.#ended.add(id);
      events.push({ kind: 'AttemptEnded', at: timeOf(attempt.node.finishedAt) ?? at, ...named, attempt: attempt.attempt, status: attempt.standing, seconds: secondsOf(attempt), ...exitCodeOf(attempt), ...why(attempt.standing, reasons.ofAttempt(seen, attempt)) });
    }
    if (!isOver(seen.standing)) return events;
    this.#ended.add(key);
    const { record, results } = seen;
    const cached = record?.cache.status === 'hit' ? { cached: { run: record.cache.run, task: record.cache.task } } : {};
    events.push({ kind: 'TaskEnded', at: timeOf(seen.found?.finishedAt) ?? at, ...named, step: seen.node.step, status: seen.standing, ...cached, seconds: secondsOfTask(seen), results, ...why(seen.standing, reasons.ofTask(seen)) });
    return events;
  }

  /** In the order of the pipeline. */
  inOrder<T extends TaskSeen | GroupSeen>(seen: readonly T[]): readonly T[] {
    const named = seen.map((one) => ({ one, node: one.node.id, items: one.items }));
    return byPlace(this.#places, named).map(({ one }) => one);
  }
}

export function isOver(standing: Standing): standing is Status {
  return standing !== 'Waiting' && standing !== 'Running';
}

export function secondsOf({ node }: AttemptSeen): number {
  return secondsBetween(node.startedAt, node.finishedAt);
}

/** From when it was ready to work; 0 for what never was. */
export function secondsOfTask({ found, attempts }: TaskSeen): number {
  return attempts.length === 0 ? 0 : secondsBetween(attempts[0]!.node.startedAt, found?.finishedAt);
}

export function secondsBetween(from: string | null | undefined, to: string | null | undefined): number {
  const [start, end] = [timeOf(from), timeOf(to)];
  return start === undefined || end === undefined ? 0 : Math.max(0, (end - start) / 1000);
}

export function exitCodeOf({ node }: AttemptSeen): { readonly exitCode?: number } {
  const code = Number(node.outputs?.exitCode ?? Number.NaN);
  return Number.isInteger(code) ? { exitCode: code } : {};
}

/** Argo has no status for a run that its user stopped; it says so in `shutdown`. */
export function statusOfRun({ workflow, tasks }: Snapshot): RunStatus {
  const phase = workflow.status?.phase;
  if (phase !== 'Failed' && phase !== 'Error') return 'Succeeded';
  return workflow.spec.shutdown && tasks.some(({ standing }) => standing === 'Cancelled') && !tasks.some(({ standing }) => standing === 'Failed' || standing === 'Error') ? 'Cancelled' : phase;
}

function runEnded(snapshot: Snapshot, at: number, reason: Reason | undefined): RunEvent {
  const counts: Partial<Record<Status, number>> = {};
  for (const { standing } of snapshot.tasks) if (isOver(standing)) counts[standing] = (counts[standing] ?? 0) + 1;
  const { status, metadata } = snapshot.workflow;
  const cached = snapshot.tasks.filter(({ record }) => record?.cache.status === 'hit').length;
  return { kind: 'RunEnded', at: timeOf(status?.finishedAt) ?? at, run: metadata.name, status: statusOfRun(snapshot), seconds: secondsBetween(status?.startedAt, status?.finishedAt), counts, cached, ...(reason === undefined ? {} : { reason }) };
}

function keyOf({ task }: TaskSeen, { attempt }: AttemptSeen): string {
  return `attempt ${task} ${attempt}`;
}

function why(standing: Standing, reason: Reason | undefined): { readonly reason?: Reason } {
  return reason === undefined || standing === 'Succeeded' || standing === 'Skipped' || standing === 'Omitted' ? {} : { reason };
}
