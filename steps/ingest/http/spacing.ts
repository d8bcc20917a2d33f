import { setTimeout as pause } from 'node:timers/promises';

/** When each host may be asked next, in ms of the process's clock. */
const turns = new Map<string, number>();

/**
 * Waits until the host may be asked again. Turns are given in the order of asking, so however many ask at once, no two requests of
 * this process are closer than `spacingSeconds`. Steps that run beside each other do not see each other's turns: there the
 * `parallelism` of a loop and the server's own 429 keep the measure.
 */
export async function takeTurn(host: string, spacingSeconds: number, signal?: AbortSignal): Promise<void> {
  const now = performance.now();
  const turn = Math.max(now, turns.get(host) ?? 0);
  turns.set(host, turn + spacingSeconds * 1000);
  if (turn > now) await pause(turn - now, undefined, signal ? { signal } : {}).catch((error: unknown) => Promise.reject(signal?.aborted ? signal.reason : error));
}
