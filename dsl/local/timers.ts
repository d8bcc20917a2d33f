/** Node's timers take no longer delay (2^31 − 1 ms, 24.8 days) and fire at once when given one. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls once after so many seconds, however many; returns what takes it back. */
export function after(seconds: number, call: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (milliseconds: number): void => {
    timer = setTimeout(() => (milliseconds > LONGEST_MS ? arm(milliseconds - LONGEST_MS) : call()), Math.min(milliseconds, LONGEST_MS));
  };
  arm(seconds * 1000);
  return () => clearTimeout(timer);
}

/** Waits, or less if the signal is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      takeBack();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const takeBack = after(seconds, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
