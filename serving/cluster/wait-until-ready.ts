import { setTimeout as delay } from 'node:timers/promises';
import type { Kubernetes } from './kubernetes.ts';
import { versionSelector } from './labels.ts';
import type { Served } from './place.ts';
import { complaintIn, judgeReadiness, type Readiness, type Trouble } from './readiness.ts';
import { notRolledOut } from './refusal.ts';

const LOOK_MS = 500;
const PATIENCE_SECONDS = 180;

export interface WaitOptions {
  /** Name of the version's Deployment. */
  readonly deployment: string;
  /** Servers that must answer. */
  readonly needed: number;
  /** What picks its pods, if not the version. */
  readonly pods?: Readonly<Record<string, string>>;
  /** That its pods are to have; a Deployment that KServe makes says it a moment later. */
  readonly image?: string;
  readonly absentSeconds?: number;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Looks until the servers of a version are ready, and says when something changes. PW603 with the cause when they do not get ready. */
export async function waitUntilReady(kubernetes: Kubernetes, served: Served, options: WaitOptions): Promise<void> {
  const { log, signal } = options;
  const started = Date.now();
  let said = '';
  // The same trouble may be told in several ways by turns; what mends it tells it from another.
  let troubled: { readonly since: number; readonly fix: string } | undefined;
  for (;;) {
    const readiness = await look(kubernetes, served, options);
    if (readiness.kind === 'ready') return;
    const trouble: Trouble | undefined = readiness.kind === 'trouble' ? readiness.trouble : undefined;
    if (trouble === undefined) troubled = undefined;
    else if (troubled?.fix !== trouble.fix) troubled = { since: Date.now(), fix: trouble.fix };
    const sentence = readiness.kind === 'trouble' ? `Not ready: ${readiness.trouble.says}.` : `Waiting: ${readiness.says}.`;
    if (sentence !== said) log((said = sentence));
    if (trouble !== undefined && Date.now() - troubled!.since >= trouble.patience * 1000) throw notRolledOut(served, trouble.says, trouble.fix);
    if (Date.now() - started > PATIENCE_SECONDS * 1000) {
      const why = trouble?.says ?? (readiness.kind === 'waiting' ? readiness.says : '');
      throw notRolledOut(served, `after ${PATIENCE_SECONDS} s ${why}`, trouble?.fix ?? 'kubectl describe its pods and read their logs to see what they wait for.');
    }
    await delay(LOOK_MS, undefined, { signal });
  }
}

async function look(kubernetes: Kubernetes, served: Served, { deployment: name, needed, pods: selector = versionSelector(served), image, absentSeconds }: WaitOptions): Promise<Readiness> {
  const [deployment, pods] = await Promise.all([kubernetes.get('Deployment', name), kubernetes.list('Pod', selector)]);
  const complaints = new Map<string, string>();
  for (const pod of pods) {
    const container = pod.status?.containerStatuses?.find(({ name }) => name === 'kserve-container');
    if (container?.state?.running === undefined || container.ready) continue;
    const complaint = complaintIn(await kubernetes.log(pod.metadata!.name!, container.name, { previous: false, lines: 20 }));
    if (complaint !== undefined) complaints.set(pod.metadata!.name!, complaint);
  }
  return judgeReadiness({ deployment, pods, complaints, image, absentSeconds }, needed);
}
