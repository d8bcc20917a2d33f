import { describeSeconds } from './describe-seconds.ts';
import { isHopeless } from './explain-node.ts';
import type { Cause } from './reasons.ts';
import type { Snapshot } from './snapshot.ts';
import type { Reasons } from './tracker.ts';

/** For room in the cluster one waits longer: other pods end, and quotas come free. */
const FOR_ROOM = 5;

interface Stuck {
  readonly since: number;
  readonly message: string;
}

/** Remembers which pods cannot start, since when and why. */
export class StuckPods {
  readonly #patienceSeconds: number;
  readonly #stuck = new Map<string, Stuck>();

  constructor(patienceSeconds: number) {
    this.#patienceSeconds = patienceSeconds;
  }

  /** What is to be told now, and the cause when one has lasted too long. `now` in milliseconds. */
  look({ tasks }: Snapshot, reasons: Reasons, now: number): { readonly news: readonly string[]; readonly hopeless: Cause | undefined } {
    const news: string[] = [];
    let hopeless: Cause | undefined;
    for (const seen of tasks) {
      const last = seen.attempts.at(-1);
      const { message = '', phase } = last?.node ?? {};
      const reason = last !== undefined && phase === 'Pending' && message !== '' ? reasons.ofAttempt(seen, last) : undefined;
      if (reason === undefined || !isHopeless(reason)) {
        if (this.#stuck.delete(seen.task) && seen.standing === 'Running') news.push(`${seen.task}: its pod starts after all.`);
        continue;
      }
      const patience = this.#patienceSeconds * (/Unschedulable|exceeded quota/.test(message) ? FOR_ROOM : 1);
      const before = this.#stuck.get(seen.task);
      // The same trouble in other words (ErrImagePull, then ImagePullBackOff) is no news.
      if (before === undefined || before.message !== reason.message) news.push(`${reason.code} ${reason.message} ${reason.fix} The run is given up if this lasts ${describeSeconds(patience)}.`);
      const stuck = { since: before?.since ?? now, message: reason.message };
      this.#stuck.set(seen.task, stuck);
      if (now - stuck.since >= patience * 1000) hopeless ??= { task: seen.task, ...reason };
    }
    return { news, hopeless };
  }
}
