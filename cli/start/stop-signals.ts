import { EXIT } from '../errors.ts';
import type { Presenter } from '../present/presenter.ts';

/** After a second Ctrl-C nobody waits longer for a step that does not heed SIGTERM. */
const PATIENCE_MS = 2000;

export interface StopSignals {
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Aborted by the second. */
  readonly terminate: AbortSignal;
  /** Gives Ctrl-C its usual meaning back. */
  forget(): void;
}

/** The first Ctrl-C ends what runs and lets the exit handler work; a second one kills, whatever is still at work. */
export function listenForStop(presenter: Pick<Presenter, 'tell' | 'close'>): StopSignals {
  const [stop, terminate] = [new AbortController(), new AbortController()];
  const listener = (): void => {
    if (!stop.signal.aborted) {
      presenter.tell('Stopping: the steps at work are being ended. Press Ctrl-C again to kill them.');
      stop.abort();
      return;
    }
    if (terminate.signal.aborted) process.exit(EXIT.cancelled);
    presenter.tell('Killing what is left.');
    terminate.abort();
    setTimeout(() => {
      presenter.close();
      process.stderr.write('cancelled\n');
      process.exit(EXIT.cancelled);
    }, PATIENCE_MS).unref();
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  return {
    signal: stop.signal,
    terminate: terminate.signal,
    forget: () => void process.off('SIGINT', listener).off('SIGTERM', listener),
  };
}
