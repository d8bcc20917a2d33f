import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';

/** Why none of these pods is ready, as a clause that names the pod; the first that says something tells. */
export function explainPods(pods: readonly V1Pod[]): string {
  const present = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  if (present.length === 0) return 'it has no pod yet';
  const reasons = present.map((pod) => ({ name: pod.metadata!.name!, reason: reasonOf(pod) })).filter(({ reason }) => reason !== undefined);
  const [first] = reasons;
  return first === undefined ? `pod ${present.at(-1)!.metadata!.name!} starts` : `pod ${first.name}: ${first.reason}`;
}

function reasonOf({ status }: V1Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return `no node takes it: ${scheduled.message ?? scheduled.reason ?? 'the scheduler did not say why'}`;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const reason = reasonOfContainer(container);
    if (reason !== undefined) return reason;
  }
  return status?.phase === 'Failed' ? (status.message ?? status.reason) : undefined;
}

function reasonOfContainer({ state, lastState, image, name, ready, restartCount }: V1ContainerStatus): string | undefined {
  const waiting = state?.waiting;
  switch (waiting?.reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return `its image ${image} cannot be fetched${causeOfPull(waiting.message)}`;
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return `${name} cannot be started: ${oneLine(waiting.message ?? waiting.reason)}`;
    case 'CrashLoopBackOff':
      return `${name} ends again and again${lastState?.terminated === undefined ? '' : `, with exit code ${lastState.terminated.exitCode} (${lastState.terminated.reason})`}`;
    case 'ContainerCreating':
    case 'PodInitializing':
      return undefined;
  }
  if (waiting?.reason !== undefined) return `${name} waits: ${waiting.reason}`;
  const ended = state?.terminated;
  if (ended !== undefined && ended.exitCode !== 0) return `${name} ended with exit code ${ended.exitCode} (${ended.reason})`;
  if (state?.running !== undefined && !ready) return `${name} runs and does not say that it is ready${restartCount > 0 ? ` (${restartCount} restarts)` : ''}`;
  return undefined;
}

/** What a registry is asked with, wrapped around the cause; the same cause is told in two ways, by turns. */
const WRAPPING = /^(Back-off pulling image "[^"]*"|ErrImagePull|rpc error: code = \w+ desc =|failed to pull and unpack image "[^"]*"|failed to resolve reference "[^"]*"|failed to do request|(Head|Get) "[^"]*")(: | |$)/;

function causeOfPull(message = ''): string {
  let cause = message;
  while (WRAPPING.test(cause)) cause = cause.replace(WRAPPING, '');
  return cause === '' ? '' : `: ${oneLine(cause)}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
