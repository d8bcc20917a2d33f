import { readMessage } from '../../dsl/contract/index.ts';
import { isErrorCode } from '../../dsl/local/reason.ts';
import type { Reason } from '../../dsl/local/run-record.ts';

/** All that is known of a pod of a step that waits or did not succeed. */
export interface Symptoms {
  /** The instance of the task. */
  readonly task: string;
  /** What Argo says of the node: the kubelet's words, or those of the container that failed. */
  readonly message: string;
  readonly exitCode?: number;
  /** What the step asks for, such as `256Mi`. */
  readonly memory?: string;
  readonly timeoutSeconds?: number;
  /** Where its log is, for a person. */
  readonly log?: string;
  /** The failure that the step told of in its log. */
  readonly told?: Reason;
}

type Rule = readonly [pattern: RegExp, explain: (symptoms: Symptoms, match: RegExpExecArray) => Reason];

const SETUP = 'kubectl apply --server-side -k manifests/cluster';

/**
 * What the words of Kubernetes and Argo 4.0 mean, and how to mend it; all were seen on a real cluster
 * (tests/cli/cluster-run/recorded/faults.json). The first rule that fits is taken.
 */
const RULES: readonly Rule[] = [
  [/(?:ErrImageNeverPull|ImagePullBackOff|ErrImagePull|Failed to pull image)\b[^"]*"(?:docker\.io\/(?:library\/)?)?([^"]+)"/, (_, [, image]) => ({
    code: 'PW311',
    message: `The image ${image} is not on the cluster's nodes and cannot be fetched.`,
    fix: image!.startsWith('pipewright/') ? 'Build the images of the present code and load them: npm run images.' : `Check its name. Build and load it with pipewright images, or with kind: kind load docker-image ${image} --name pipewright.`,
  })],
  [/InvalidImageName/, ({ message }) => ({ code: 'PW311', message: `The name of the image is not valid: ${plain(message)}.`, fix: 'Correct it in the contract of the step.' })],
  [/Unschedulable: (.*)/, (_, [, why]) => ({ code: 'PW311', message: `No node has room for its pod: ${shortages(why!)}.`, fix: 'Let the task ask for less (resources), wait until other pods have ended, or give the cluster a larger node.' })],
  [/serviceaccounts? "([^"]+)" not found/, (_, [, account]) => ({ code: 'PW311', message: `The service account "${account}" does not exist in the namespace of the workflow.`, fix: `Make it: ${SETUP}.` })],
  [/secret "([^"]+)" not found/i, (_, [, secret]) => ({ code: 'PW311', message: `The Secret "${secret}" does not exist in the namespace of the workflow.`, fix: `Make it: npm run cluster:up does, from the keys of the store.` })],
  [/couldn't find key (\S+) in Secret (\S+)/i, (_, [, key, secret]) => ({ code: 'PW311', message: `The Secret ${secret} has no key "${key}".`, fix: 'Add it with kubectl edit secret, or install again.' })],
  [/configmap "([^"]+)" not found/i, (_, [, name]) => ({ code: 'PW311', message: `The ConfigMap "${name}" does not exist in the namespace of the workflow.`, fix: `Make it: ${SETUP}.` })],
  [/exceeded quota: ([^,]+), requested: ([^,]+), used: ([^,]+), limited: (.*)/, (_, [, quota, wanted, used, limit]) => ({ code: 'PW311', message: `The quota "${quota}" of the namespace is used up: it asks for ${wanted}, ${used} of ${plain(limit!)} are taken.`, fix: 'Wait until other pods have ended, delete finished workflows, or raise the quota.' })],
  [/violates PodSecurity "([^"]+)": (.*)/, (_, [, level, why]) => ({ code: 'PW311', message: `The namespace's Pod Security Standard "${level}" refuses the pod: ${plain(why!)}.`, fix: 'Take out what the task changes of its pod (pod), or run it in another namespace.' })],
  [/MountVolume\.\S+ failed for volume "([^"]+)"\s*:\s*(.*)/, (_, [, volume, why]) => ({ code: 'PW311', message: `Its volume "${volume}" cannot be mounted: ${plain(why!)}.`, fix: `Make what it names: ${SETUP}.` })],
  [/CreateContainerConfigError: (.*)/, (_, [, why]) => ({ code: 'PW311', message: `Its container cannot be made: ${plain(why!)}.`, fix: 'Look at what it names; kubectl describe pod shows it.' })],
  [/pods "[^"]+" is forbidden: (.*)/, (_, [, why]) => ({ code: 'PW311', message: `The cluster refuses its pod: ${plain(why!)}.`, fix: 'Look at the quotas and policies of the namespace.' })],
  [/OOMKilled/, ({ memory }) => ({ code: 'PW312', message: `It took more memory than its limit${memory === undefined ? '' : ` of ${memory}`} and was killed (OOMKilled).`, fix: 'Let it ask for more: task(step, { … }, { resources: { memory: … } }), or in the contract of the step.' })],
  [/(?:Usage of EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)")/, (_, [, volume, limit]) => ({ code: 'PW312', message: `It wrote more than ${limit} to the volume "${volume}" and was ended (evicted).`, fix: 'Write less, or raise the sizeLimit of the volume.' })],
  [/ephemeral.?storage|DiskPressure|low on resource|No space left on device|ENOSPC/i, ({ message }) => ({ code: 'PW312', message: `The disk of the node is full, or its share of it used up: ${plain(message)}.`, fix: 'Free space on the node (crictl rmi --prune, docker system prune), or let the step write less.' })],
  [/^Evicted|was evicted|The node was low/i, ({ message }) => ({ code: 'PW312', message: `Its pod was evicted: ${plain(message)}.`, fix: 'Let the step ask for what it needs (resources), or give the cluster a larger node.' })],
  [/active on the node longer than the specified deadline|DeadlineExceeded|exceeded its deadline/i, ({ timeoutSeconds }) => ({
    code: 'PW303', message: timeoutSeconds === undefined ? 'It ran out of time: that of the whole run was up.' : `It ran out of time: it may take ${timeoutSeconds} s, or that of the whole run was up.`,
    fix: 'Give the task or the pipeline a longer timeout, or less to do.',
  })],
  [/bucket does not exist|NoSuchBucket/i, ({ message }) => ({ code: 'PW403', message: `The bucket of the artifacts does not exist: ${plain(message)}.`, fix: `Make it: npm run cluster:up does. ConfigMap artifact-repositories names it.` })],
  [/Access Key Id you provided does not exist|signature we calculated does not match|InvalidAccessKeyId|SignatureDoesNotMatch|does not accept the credentials/i, ({ message }) => ({ code: 'PW403', message: `The store does not accept the keys of the artifacts: ${plain(message)}.`, fix: 'The Secret and MinIO do not agree: npm run cluster:up writes both anew.' })],
  [/Access Denied|AccessDenied/i, ({ message }) => ({ code: 'PW403', message: `The store denies access: ${plain(message)}.`, fix: 'Its user has no right there, or there is no such bucket, which MinIO says in the same words: npm run cluster:up sets both right.' })],
  [/minimum free drive threshold|XMinioStorageFull|storage backend has reached|QuotaExceeded|quota.* exceeded|EDQUOT/i, ({ message }) => ({ code: 'PW403', message: `The store has no space left: ${plain(message)}.`, fix: 'Delete artifacts of old workflows (kubectl delete workflow), or give MinIO a larger volume.' })],
  [/(?:dial tcp|connection refused|connect: |i\/o timeout|no such host|EOF|server does not answer).*/i, ({ message }) => ({ code: 'PW403', message: `The store does not answer: ${plain(message)}.`, fix: 'Look whether MinIO runs: kubectl -n minio get pods.' })],
  [/specified key does not exist|NoSuchKey/i, ({ message }) => ({ code: 'PW402', message: `An artifact that it reads is not in the store: ${plain(message)}.`, fix: 'An output that is a folder must not be empty; run again if the artifact was deleted meanwhile.' })],
  [/outputs\/(?:artifacts|parameters)\S*: no such file|artifact (\S+) (?:failed to save|does not exist)|cannot (?:find|stat).*outputs/i, ({ message }) => ({ code: 'PW302', message: `It ended without an error, but did not write an output: ${plain(message)}.`, fix: 'Write it to the path that the command line names.' })],
  [/failed to find name in PATH: exec: "([^"]+)"/, (_, [, program]) => ({ code: 'PW305', message: `Its image has no program ${program}.`, fix: 'Correct the command in the contract of the step, or the image.' })],
  [/pod deleted|node.*(?:lost|not ready|shutdown)|PodInitializing.*deleted/i, () => ({ code: 'PW301', message: 'Its pod was deleted while it worked.', fix: 'Submit again: finished steps are taken from the cache. A task with retry is tried again by itself.' })],
  [/(?:Stopped|workflow shutdown) with strategy/i, () => ({ code: 'PW304', message: 'The run was stopped by its user.', fix: 'Submit again: finished steps are taken from the cache.' })],
];

/** The reason why a pod cannot start or has failed. Undefined where there is nothing to say: it waits for its turn. */
export function explainNode(symptoms: Symptoms): Reason | undefined {
  const { task, message, exitCode, told, log } = symptoms;
  if (told !== undefined) return told;
  const own = ownWords(message);
  if (own !== undefined) return own;
  for (const [pattern, explain] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) return withName(explain(symptoms, match), task);
  }
  if (message === '' && exitCode === undefined) return undefined;
  if (saysNothing(message)) return undefined;
  const how = exitCode === undefined ? `did not succeed: ${plain(message)}` : `ended with exit code ${exitCode}`;
  const fix = log === undefined ? 'Look at its pod: kubectl describe pod.' : `Read its log: ${log}.`;
  return { code: 'PW301', message: `The task "${task}" ${how}.`, fix };
}

/** All is as it should be with a pod that waits for its turn. */
export function saysNothing(message: string | undefined): boolean {
  return /^(?:PodInitializing|ContainerCreating|Pending)?$/.test(message ?? '');
}

/** Whether a pod that waits for this reason will not start by itself. */
export function isHopeless({ code }: Reason): boolean {
  return code === 'PW311';
}

/** A failure among the lines of a step's log: the last one counts. */
export function failureIn(line: string): Reason | undefined {
  const message = readMessage(line);
  if (message?.type !== 'failure') return undefined;
  return { code: isErrorCode(message.code) ? message.code : 'PW301', message: message.message, fix: message.fix };
}

/** The last words of our harness, which Argo repeats: `main: Error (exit code 64): PW502: The table is empty.` */
function ownWords(message: string): Reason | undefined {
  const match = /\b(PW\d{3}): ([\s\S]*)/.exec(message);
  if (match === null || !isErrorCode(match[1]!)) return undefined;
  const [words, fix] = match[2]!.split(/\n\s*→\s*/);
  return { code: match[1], message: plain(words!, true), fix: fix === undefined ? 'Read its log, which says more.' : plain(fix, true) };
}

function withName({ code, message, fix }: Reason, task: string): Reason {
  const about = message.startsWith('It') ? message.replace(/^Its/, `The task "${task}" cannot go on: its`).replace(/^It /, `The task "${task}" `) : `The task "${task}" cannot go on: ${message[0]!.toLowerCase()}${message.slice(1)}`;
  return { code, message: about, fix };
}

/** One line, without the full stop that a sentence around it has. */
function plain(text: string, keepsStop = false): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  return keepsStop ? line : line.replace(/[.;\s]+$/, '');
}

/** `0/1 nodes are available: 1 Insufficient memory, 1 Insufficient cpu. no new claims…` without what only a scheduler's author reads. */
function shortages(text: string): string {
  return plain(text.replace(/\s*(?:no new claims to deallocate|preemption:)[\s\S]*/i, ''));
}
