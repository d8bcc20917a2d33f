import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Phase, RunContext } from './context.ts';
import type { Ending } from './executor.ts';
import { runJob } from './job.ts';
import { collectProduced } from './produced.ts';
import { reasonOf } from './reason.ts';
import { logName } from './run-folder.ts';
import type { AttemptRecord, Reason } from './run-record.ts';
import type { Status } from './status.ts';
import { layWork } from './work-folder.ts';
import type { TaskInstance } from './task-instance.ts';
import type { Produced } from './values.ts';

export interface Attempted {
  readonly record: AttemptRecord;
  /** What it made; only when it succeeded. */
  readonly produced?: Produced;
}

interface Verdict {
  readonly status: Status;
  readonly ending?: Ending;
  readonly reason?: Reason;
  readonly produced?: Produced;
}

/** Runs a task's program once, in a folder of its own. Never rejects. Nothing that it wrote counts until all of it is in the store. */
export async function runAttempt(context: RunContext, task: TaskInstance, attempt: number, phase: Phase): Promise<Attempted> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const named = { task: task.name, node: task.node.id, attempt };
  context.emit({ kind: 'AttemptStarted', at: Date.now(), ...named });
  const folder = join(context.folder.work, task.name, String(attempt));
  const verdict = await judge(context, task, attempt, phase, folder).catch((error: unknown): Verdict => ({ status: 'Error', reason: reasonOf(error) }));
  await dispose(context, task, attempt, folder, verdict.status);
  const { status, ending, reason, produced } = verdict;
  const seconds = secondsSince(started);
  const known = { ...(ending?.kind === 'Exited' ? { exitCode: ending.code } : {}), ...(reason === undefined ? {} : { reason }) };
  context.emit({ kind: 'AttemptEnded', at: Date.now(), ...named, status, seconds, ...known });
  const signal = ending?.kind === 'Signalled' ? { signal: ending.signal } : {};
  const record: AttemptRecord = { attempt, status, startedAt, seconds, ...known, ...signal, log: logName(attempt) };
  return produced === undefined ? { record } : { record, produced };
}

async function judge(context: RunContext, task: TaskInstance, attempt: number, phase: Phase, folder: string): Promise<Verdict> {
  await layWork(context.store, task, folder);
  const { ending, stopped, failure, lastWords } = await runJob(context, task, attempt, phase, folder);
  if (stopped === 'user') return { status: 'Cancelled', ending, reason: cancelled(phase) };
  if (stopped === 'run') return { status: 'Failed', ending, reason: outOfTime(task, 'the time of the whole run was up', 'Give the pipeline a longer timeout.') };
  if (stopped === 'attempt') {
    const limit = `it may take ${task.node.timeoutSeconds} s`;
    return { status: 'Failed', ending, reason: outOfTime(task, limit, 'Give the task a longer timeout, or less to do.') };
  }
  if (ending.kind === 'NotStarted') return { status: 'Error', ending, reason: ending.reason };
  if (ending.kind === 'Signalled' || ending.code !== 0) return { status: 'Failed', ending, reason: failure ?? unexplained(context, task, attempt, ending, lastWords) };
  const collected = await collectProduced(context.store, task, folder);
  return 'reason' in collected ? { status: 'Failed', ending, reason: collected.reason } : { status: 'Succeeded', ending, produced: collected };
}

async function dispose(context: RunContext, task: TaskInstance, attempt: number, folder: string, status: Status): Promise<void> {
  const keeps = context.keep === 'all' || (context.keep === 'failed' && status !== 'Succeeded');
  // A work folder that cannot be moved or removed is no reason to fail: the next run sweeps it.
  if (keeps) await context.folder.keepWork(folder, task.name, attempt).catch(() => undefined);
  else await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

export function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}

export function cancelled(phase: Phase): Reason {
  if (phase.halted() === 'timeout') return { code: 'PW303', message: 'The time of the whole run was up.', fix: 'Give the pipeline a longer timeout.' };
  return { code: 'PW304', message: 'The run was stopped by its user.', fix: 'Run again: finished steps are taken from the cache.' };
}

function outOfTime(task: TaskInstance, why: string, fix: string): Reason {
  return { code: 'PW303', message: `The task "${task.name}" ran out of time: ${why}.`, fix };
}

function unexplained(context: RunContext, task: TaskInstance, attempt: number, ending: Ending, lastWords: string | undefined): Reason {
  const how = ending.kind === 'Signalled'
    ? `was ended by ${ending.signal}${ending.signal === 'SIGKILL' ? ', perhaps because memory ran out' : ''}`
    : `ended with exit code ${ending.kind === 'Exited' ? ending.code : 'unknown'}`;
  const said = lastWords === undefined ? '' : ` Its last words: ${lastWords}`;
  return {
    code: 'PW301',
    message: `The task "${task.name}" ${how}.${said}`,
    fix: `Read its log: runs/${context.folder.id}/tasks/${task.name}/${logName(attempt)}.`,
  };
}
