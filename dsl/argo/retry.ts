import { EXIT_CODES } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import type { Task } from '../ir/index.ts';
import type { RetryStrategy } from './types.ts';

/**
 * Attempts = limit + 1. `Always` means: after a failure of the program and after an error around it (no image, no
 * artifact, a lost node), as on a laptop. A step that refuses its input is not tried again. The exit code alone does not
 * tell: Argo's own container ends with 64, too, when it cannot report, and that is an `Error`; a program's is `Failed`.
 */
export function retryStrategy(task: Task): RetryStrategy | undefined {
  const { retry } = task;
  if (!retry || retry.limit === 0) return undefined;
  const { backoff } = retry;
  if (backoff && !Number.isInteger(backoff.factor)) {
    throw new PipewrightError({
      code: 'PW201',
      message: `Task "${task.id}" waits ${backoff.factor} times as long before each further retry. Argo takes whole factors only.`,
      fix: `Use ${Math.max(1, Math.round(backoff.factor))}.`,
      location: task.location,
    });
  }
  return {
    limit: String(retry.limit),
    retryPolicy: 'Always',
    expression: `lastRetry.status == "Error" || lastRetry.exitCode != "${EXIT_CODES.refused}"`,
    ...(backoff
      ? {
          backoff: {
            duration: duration(backoff.seconds),
            factor: String(backoff.factor),
            ...(backoff.maximumSeconds === undefined ? {} : { cap: duration(backoff.maximumSeconds) }),
          },
        }
      : {}),
  };
}

/** Go's form, with its unit: `90s`, `0.5s`. */
function duration(seconds: number): string {
  return `${seconds}s`;
}

/**
 * For one attempt, in whole seconds. Argo's `timeout` would count the time in which a pod waits for a place in the
 * cluster as well; this is the pod's own deadline, which the kubelet keeps.
 */
export function activeDeadlineSeconds(task: Task): number | undefined {
  return task.timeoutSeconds === undefined ? undefined : Math.ceil(task.timeoutSeconds);
}
