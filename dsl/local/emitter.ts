import type { RunEvent } from './event.ts';
import type { RunFolder } from './run-folder.ts';

export interface Emitter {
  readonly emit: (event: RunEvent) => void;
  /** Throws what the listener threw first. */
  readonly rethrow: () => void;
}

/** Writes each event down, but log lines (they have a file of their own) and progress, and tells the listener, until it throws. */
export function createEmitter(folder: RunFolder, listener: ((event: RunEvent) => void) | undefined): Emitter {
  let failure: { readonly error: unknown } | undefined;
  return {
    emit: (event) => {
      if (event.kind !== 'LogLine' && event.kind !== 'Progress') folder.append(event);
      if (listener === undefined || failure !== undefined) return;
      try {
        listener(event);
      } catch (error) {
        failure = { error };
      }
    },
    rethrow: () => {
      if (failure !== undefined) throw failure.error;
    },
  };
}
