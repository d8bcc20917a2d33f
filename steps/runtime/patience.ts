import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from '../../store/index.ts';

const LONGEST_PAUSE_SECONDS = 5;

export interface Patience {
  /** How long to go on trying. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Called before the first pause. */
  readonly onWait: () => void;
}

/** Asks a store again while it does not answer: a server that is being restarted is back soon. Other errors are thrown at once. */
export async function patiently<T>(ask: () => Promise<T>, { seconds, signal, onWait }: Patience): Promise<T> {
  const begun = performance.now();
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)) {
    try {
      return await ask();
    } catch (error) {
      const isLate = (performance.now() - begun) / 1000 + pause > seconds;
      if (isLate || signal.aborted || !isPassing(error)) throw error;
      if (pause === 1) onWait();
      // The end of the step ends the pause; what is thrown then is what the store said.
      await sleep(pause * 1000, undefined, { signal }).catch(() => undefined);
    }
  }
}
