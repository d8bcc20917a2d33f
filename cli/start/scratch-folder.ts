import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../errors.ts';
import { listenForStop, type StopSignals } from './stop-signals.ts';

/** Works in a temporary folder that is gone afterwards, after Ctrl-C and SIGTERM, too; those end the process when the work has stopped. */
export async function inScratchFolder<T>(name: string, work: (folder: string, stop: Pick<StopSignals, 'signal' | 'terminate'>) => Promise<T>): Promise<T> {
  // Nothing is told: what works here is short, or is itself told to stop.
  const stop = listenForStop({ tell: () => undefined, close: () => undefined });
  try {
    const folder = await mkdtemp(join(tmpdir(), `pipewright-${name}-`));
    try {
      return await work(folder, stop);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    stop.forget();
    if (stop.signal.aborted) {
      process.stderr.write('cancelled\n');
      process.exit(EXIT.cancelled);
    }
  }
}
