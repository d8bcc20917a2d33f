import type { TaskRecord } from '../../dsl/local/run-record.ts';

/** Seconds in which a task's program was at work: what it waited for a place or between two attempts does not count. */
export function workedSeconds({ attempts }: Pick<TaskRecord, 'attempts'>): number {
  return attempts.reduce((sum, attempt) => sum + attempt.seconds, 0);
}
