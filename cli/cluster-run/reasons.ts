import { join } from 'node:path';
import type { CheckedPipeline } from '../../dsl/ir/index.ts';
import { logName } from '../../dsl/local/run-folder.ts';
import type { Reason } from '../../dsl/local/run-record.ts';
import { isErrorCode } from '../../dsl/local/reason.ts';
import { explainNode, saysNothing } from './explain-node.ts';
import type { AttemptSeen, Snapshot, TaskSeen } from './snapshot.ts';
import { exitCodeOf, isOver, secondsBetween, statusOfRun, type Reasons } from './tracker.ts';
import { CAUSE, type Workflow } from './workflow.ts';

/** Why a run was given up, as it stands in its workflow. */
export interface Cause extends Reason {
  readonly task: string;
}

export function causeIn({ metadata, spec }: Workflow): Cause | undefined {
  // A run that Argo retries or resubmits keeps the annotation of the one before it.
  if (spec.shutdown === undefined || spec.shutdown === '') return undefined;
  try {
    const { task, code, message, fix } = JSON.parse(metadata.annotations?.[CAUSE] ?? '') as Record<string, unknown>;
    return [task, code, message, fix].every((part) => typeof part === 'string') && isErrorCode(code as string) ? ({ task, code, message, fix } as Cause) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reasons for one state of a workflow. `told` holds what steps said of their failures in their logs, `warnings` what the
 * kubelet says of pods that wait, both by Argo's node.
 */
export function reasonsFor(pipeline: CheckedPipeline, snapshot: Snapshot, told: ReadonlyMap<string, Reason>, warnings: ReadonlyMap<string, string> = new Map()): Reasons {
  const cause = causeIn(snapshot.workflow);
  const explain = (seen: TaskSeen, message: string, attempt: AttemptSeen | undefined): Reason | undefined => {
    if (cause !== undefined && cause.task === seen.task && attempt?.attempt === seen.attempts.length) return { code: cause.code, message: cause.message, fix: cause.fix };
    const { node } = seen;
    const resources = { ...pipeline.steps[node.step]?.resources, ...node.resources };
    const memory = resources.limits?.memory ?? resources.memory;
    const words = attempt === undefined ? undefined : told.get(attempt.node.id);
    return explainNode({
      task: seen.task,
      message,
      ...(memory === undefined ? {} : { memory }),
      ...(node.timeoutSeconds === undefined ? {} : { timeoutSeconds: node.timeoutSeconds }),
      ...(words === undefined ? {} : { told: words }),
      // Without an exit code its program never ran, and there is no log to read.
      ...(attempt?.node.outputs?.exitCode === undefined ? {} : { ...exitCodeOf(attempt), log: join('runs', snapshot.workflow.metadata.name, 'tasks', seen.task, logName(attempt.attempt)) }),
    });
  };
  const ofAttempt = (seen: TaskSeen, attempt: AttemptSeen): Reason | undefined => (attempt.standing === 'Succeeded' ? undefined : explain(seen, messageOf(attempt), attempt));
  const messageOf = ({ node }: AttemptSeen): string => (saysNothing(node.message) && node.phase === 'Pending' && warnings.get(node.id)) || (node.message ?? '');
  return {
    ofAttempt,
    ofTask: (seen) => {
      if (seen.standing === 'Succeeded' || seen.standing === 'Skipped' || seen.standing === 'Omitted') return undefined;
      const last = seen.attempts.at(-1);
      return last === undefined ? explain(seen, seen.found?.message ?? '', undefined) : ofAttempt(seen, last);
    },
    ofRun: () => reasonOfRun(pipeline, snapshot, cause),
  };
}

function reasonOfRun(pipeline: CheckedPipeline, snapshot: Snapshot, cause: Cause | undefined): Reason | undefined {
  const { workflow, tasks } = snapshot;
  const status = statusOfRun(snapshot);
  if (status === 'Succeeded') return undefined;
  if (cause !== undefined) return { code: cause.code, message: `The run was given up: ${cause.message}`, fix: cause.fix };
  if (status === 'Cancelled') return { code: 'PW304', message: 'The run was stopped by its user.', fix: 'Submit again: finished steps are taken from the cache.' };
  const isTimeUp = secondsBetween(workflow.status?.startedAt, workflow.status?.finishedAt) >= pipeline.timeoutSeconds;
  if (isTimeUp) return { code: 'PW303', message: `The run was not done in its time of ${pipeline.timeoutSeconds} s.`, fix: 'Give the pipeline a longer timeout; finished steps are taken from the cache.' };
  const message = workflow.status?.message ?? '';
  if (message === '' || tasks.some(({ standing }) => isOver(standing) && (standing === 'Failed' || standing === 'Error'))) return undefined;
  return { code: 'PW301', message: `The workflow did not succeed: ${message.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')}.`, fix: `kubectl -n ${workflow.metadata.namespace ?? 'pipewright'} describe workflow ${workflow.metadata.name} shows all that Argo knows.` };
}
