import type { V1ContainerStatus, V1Deployment, V1Pod } from '@kubernetes/client-node';

/** How far the servers of a version are. */
export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waiting'; readonly says: string }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** What keeps servers from getting ready. */
export interface Trouble {
  /** A clause. */
  readonly says: string;
  readonly fix: string;
  /** Seconds that it may take to pass by itself. */
  readonly patience: number;
}

export interface Observed {
  readonly deployment: V1Deployment | undefined;
  readonly pods: readonly V1Pod[];
  /** What the server of a pod that runs and is not ready says to that, by the pod's name; with its code. */
  readonly complaints: ReadonlyMap<string, string>;
  /** That the Deployment is to have; undefined for any. */
  readonly image?: string | undefined;
  /** Seconds after which a Deployment that is not there is missed; default 0. */
  readonly absentSeconds?: number | undefined;
}

/** Judges from what Kubernetes and the servers say. `needed` servers must answer. */
export function judgeReadiness({ deployment, pods, complaints, image, absentSeconds = 0 }: Observed, needed: number): Readiness {
  const trouble = (says: string, fix: string, patience = 0): Readiness => ({ kind: 'trouble', trouble: { says, fix, patience } });
  if (deployment === undefined && absentSeconds > 0) return trouble('KServe has made no Deployment of its InferenceService', 'Read its conditions: kubectl describe inferenceservice, in the namespace of the servers.', absentSeconds);
  if (deployment === undefined) return trouble('its Deployment is gone: somebody removed it meanwhile', 'See who did, then do the same again.');
  const { metadata, spec, status = {} } = deployment;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const present = spec?.template.spec?.containers[0]?.image;
  if (observedGeneration < metadata!.generation! || (image !== undefined && present !== image)) return { kind: 'waiting', says: 'for Kubernetes to take note' };
  if (availableReplicas >= needed && updatedReplicas >= needed && replicas === updatedReplicas) return { kind: 'ready' };

  for (const { type, status: state, message, reason } of status.conditions ?? []) {
    if (type === 'ReplicaFailure' && state === 'True') return trouble(`its pods are refused: ${message}`, 'Mend what the message names, such as a quota.', 5);
    if (type === 'Progressing' && state === 'False' && reason === 'ProgressDeadlineExceeded') return trouble(`Kubernetes gave it up: ${message}`, 'kubectl describe the pods of the Deployment to see more.');
  }
  const waiting = pods.filter((pod) => pod.metadata?.deletionTimestamp === undefined && !isReady(pod));
  for (const pod of waiting) {
    const found = troubleOf(pod, complaints.get(pod.metadata!.name!));
    if (found !== undefined) return { kind: 'trouble', trouble: found };
  }
  return { kind: 'waiting', says: `${Math.min(availableReplicas, needed)} of ${needed} servers ${needed === 1 ? 'is' : 'are'} ready` };
}

function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}

function troubleOf(pod: V1Pod, complaint: string | undefined): Trouble | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    return { says: `no node takes its pod: ${scheduled.message}`, fix: 'Make room: remove what is not needed, or add a node.', patience: 150 };
  }
  const [container] = pod.status?.containerStatuses ?? [];
  const found = container === undefined ? undefined : troubleOfContainer(container);
  if (found !== undefined) return found;
  if (complaint === undefined) return undefined;
  // The store may be back in a moment; a model that is refused stays refused.
  const isStore = /^PW40[23]:/.test(complaint);
  return {
    says: `its server is not ready and says: ${complaint}`,
    fix: isStore ? 'See that the object store answers and that the Secret pipewright-server-environment has its address and keys, then do the same again.' : 'Train the model again with this release, then deploy that.',
    patience: isStore ? 45 : 0,
  };
}

function troubleOfContainer({ image, state, lastState, restartCount }: V1ContainerStatus): Trouble | undefined {
  const { reason = '', message = '' } = state?.waiting ?? {};
  const why = message === '' ? '' : `: ${message}`;
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return { says: `the image ${image} cannot be had (${reason})${why}`, fix: IMAGE_FIX, patience: 20 };
    case 'ErrImageNeverPull':
    case 'InvalidImageName':
      return { says: `the image ${image} cannot be had (${reason})${why}`, fix: IMAGE_FIX, patience: 0 };
    case 'CreateContainerConfigError':
      return { says: `its container cannot be set up${why}`, fix: 'The Secret pipewright-server-environment belongs beside the servers: kubectl apply --server-side -k manifests/cluster.', patience: 10 };
    case 'CreateContainerError':
    case 'RunContainerError':
      return { says: `its container cannot be started (${reason})${why}`, fix: 'Mend what the message names.', patience: 10 };
  }
  const ended = state?.terminated ?? lastState?.terminated;
  if (ended === undefined || (reason !== 'CrashLoopBackOff' && restartCount < 2)) return undefined;
  const words = ended.reason === 'OOMKilled' ? 'it ran out of memory' : `it ended with code ${ended.exitCode}${ended.message === undefined ? '' : `, and its last words were: ${lastWords(ended.message)}`}`;
  return { says: `its server does not stay up: ${words}`, fix: 'Mend what it says; the log of the pod has more.', patience: 0 };
}

const IMAGE_FIX = 'Build and load it with: npm run images. Then do the same again.';
const MOST_WORDS = 400;

function lastWords(log: string): string {
  const words = log.trim().split('\n').slice(-6).map((line) => line.trim()).join(' ');
  return words.length <= MOST_WORDS ? words : `…${words.slice(-MOST_WORDS)}`;
}

/** What a server says in its log about a model that it cannot load; undefined when the last word is another. */
export function complaintIn(log: string): string | undefined {
  for (const line of log.trim().split('\n').reverse()) {
    try {
      const { event, reason } = JSON.parse(line) as { readonly event?: unknown; readonly reason?: unknown };
      if (event === 'model-load-failed' && typeof reason === 'string') return reason;
      if (event === 'model-loaded') return undefined;
    } catch {
      // Another program's line.
    }
  }
  return undefined;
}
