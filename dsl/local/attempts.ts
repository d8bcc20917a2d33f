import { EXIT_CODES } from '../contract/index.ts';
import type { Retry } from '../ir/index.ts';
import { cancelled, runAttempt } from './attempt.ts';
import type { Phase, RunContext } from './context.ts';
import type { AttemptRecord, Reason } from './run-record.ts';
import type { Ticket } from './slots.ts';
import type { Status } from './status.ts';
import type { TaskInstance } from './task-instance.ts';
import { pause } from './timers.ts';
import type { Produced } from './values.ts';

export interface Tried {
  readonly status: Status;
  readonly attempts: readonly AttemptRecord[];
  readonly produced?: Produced;
  readonly reason?: Reason;
}

/** Tries a task until it succeeds, its retries are used up, or trying again would not help. */
export async function runAttempts(context: RunContext, task: TaskInstance, phase: Phase, ticket: Ticket): Promise<Tried> {
  const attempts: AttemptRecord[] = [];
  for (let attempt = 1; ; attempt++) {
    const giveBack = await ticket.take();
    try {
      if (phase.signal.aborted) return { status: statusOfHalted(phase, attempts.length > 0), attempts, reason: cancelled(phase) };
      const { record, produced } = await runAttempt(context, task, attempt, phase);
      attempts.push(record);
      const { status, reason } = record;
      const over = { status, attempts, ...(reason === undefined ? {} : { reason }), ...(produced === undefined ? {} : { produced }) };
      if (!isWorthRetry(record) || attempt > (task.node.retry?.limit ?? 0) || phase.signal.aborted) return over;
    } finally {
      giveBack();
    }
    const afterSeconds = pauseBefore(task.node.retry, attempt);
    context.emit({ kind: 'RetryScheduled', at: Date.now(), task: task.name, node: task.node.id, nextAttempt: attempt + 1, afterSeconds });
    await pause(afterSeconds, phase.signal);
  }
}

/** What has not begun when a phase is halted: the user's stop cancels it, the end of the run's time leaves it out. */
export function statusOfHalted(phase: Phase, hasTried: boolean): Status {
  if (phase.halted() !== 'timeout') return 'Cancelled';
  return hasTried ? 'Failed' : 'Omitted';
}

function isWorthRetry({ status, exitCode }: AttemptRecord): boolean {
  return (status === 'Failed' || status === 'Error') && exitCode !== EXIT_CODES.refused;
}

/** Seconds before the retry that follows the given attempt: `seconds · factor^(attempt − 1)`, at most `maximumSeconds`. */
export function pauseBefore(retry: Retry | undefined, attempt: number): number {
  if (retry?.backoff === undefined) return 0;
  const { seconds, factor, maximumSeconds = Number.POSITIVE_INFINITY } = retry.backoff;
  return Math.min(seconds * factor ** (attempt - 1), maximumSeconds);
}
