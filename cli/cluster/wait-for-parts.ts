import { setTimeout as sleep } from 'node:timers/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Cluster } from '../cluster-run/connect.ts';
import type { Part } from './parts.ts';

/** A reason is told when it has stood for so long: most pass by themselves. */
const PATIENCE_SECONDS = 10;

/** Waits until every part is ready, with a line for each. Throws PW905 that names those that are not when time is up. */
export async function waitForParts(cluster: Cluster, parts: readonly Part[], timeoutSeconds: number, say: (line: string) => void): Promise<void> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  const reasons = new Map<Part, { readonly why: string; readonly since: number; readonly told: boolean }>();
  for (let waiting = [...parts]; waiting.length > 0; ) {
    const still: Part[] = [];
    for (const part of waiting) {
      const health = await part.examine(cluster);
      if (health.kind === 'ready') {
        say(`ready: ${part.title} (${part.where}), after ${Math.round(seconds())} s`);
        reasons.delete(part);
        continue;
      }
      still.push(part);
      const before = reasons.get(part);
      const same = before?.why === health.why;
      const since = same ? before.since : seconds();
      const tells = seconds() - since >= PATIENCE_SECONDS && !(same && before.told);
      if (tells) say(`waiting: ${part.title} (${part.where}): ${health.why}`);
      reasons.set(part, { why: health.why, since, told: tells || (same && before.told) });
    }
    waiting = still;
    if (waiting.length === 0) return;
    if (seconds() > timeoutSeconds) {
      const lines = waiting.map((part) => `${part.title} (${part.where}): ${reasons.get(part)!.why}.`);
      throw new PipewrightError({
        code: 'PW905',
        message: `After ${timeoutSeconds} s this is not ready. ${lines.join(' ')}`,
        fix: 'Mend what it names and run the same command again; docs/cluster.md has a list by symptom. A slow network needs a longer --timeout.',
      });
    }
    await sleep(500);
  }
}
