import { describeLoadError } from '../errors.ts';
import type { ServedModel } from './served-model.ts';
import type { Candidate, ModelSource } from './source.ts';

/** What a look at the source led to. */
export type RefreshOutcome =
  | { readonly kind: 'unchanged'; readonly model: ServedModel }
  | { readonly kind: 'swapped'; readonly model: ServedModel; readonly previous: ServedModel | undefined; readonly seconds: number }
  | { readonly kind: 'failed'; readonly error: unknown; readonly failure: LoadFailure; readonly isNew: boolean };

export interface LoadFailure {
  /** With code and fix, in one line. */
  readonly reason: string;
  /** The version that failed; undefined when not even that is known. */
  readonly version: string | undefined;
  readonly since: Date;
}

/** The one place that holds the model which answers for a name. */
export interface ModelSlot {
  readonly name: string;
  readonly source: ModelSource;
  /** The model that answers now; undefined until the first one is loaded, verified and warmed. */
  readonly current: ServedModel | undefined;
  /** Why the version that should be served is not; undefined when it is. */
  readonly failure: LoadFailure | undefined;
  /**
   * Looks which version should be served and, if it is another one, loads it beside the current one and then swaps.
   * Never throws: when anything fails, the current model keeps answering. Looks are one at a time; while one is under
   * way, all further calls share the one look that follows it.
   */
  refresh(): Promise<RefreshOutcome>;
}

/** `warmUp` is asked after a model is loaded and before it is swapped in; when it throws, the model is not taken. */
export function createModelSlot(name: string, source: ModelSource, warmUp: (model: ServedModel) => Promise<void>): ModelSlot {
  let current: ServedModel | undefined;
  let failure: LoadFailure | undefined;
  let running: Promise<RefreshOutcome> | undefined;
  let next: Promise<RefreshOutcome> | undefined;

  const refreshOnce = async (): Promise<RefreshOutcome> => {
    const started = performance.now();
    let candidate: Candidate | undefined;
    try {
      candidate = await source.find();
      if (current && isSame(current, candidate)) {
        failure = undefined;
        return { kind: 'unchanged', model: current };
      }
      const model = await candidate.load();
      await warmUp(model);
      const previous = current;
      // The swap: requests hold the model that they began with, later ones take this one.
      current = model;
      failure = undefined;
      return { kind: 'swapped', model, previous, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      const reason = describeLoadError(error);
      const isNew = failure?.reason !== reason;
      if (isNew) failure = { reason, version: candidate?.version, since: new Date() };
      return { kind: 'failed', error, failure: failure!, isNew };
    }
  };

  const start = (): Promise<RefreshOutcome> => {
    running = refreshOnce().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    name,
    source,
    get current() { return current; },
    get failure() { return failure; },
    refresh() {
      if (!running) return start();
      next ??= running.then(() => {
        next = undefined;
        return start();
      });
      return next;
    },
  };
}

function isSame(current: ServedModel, candidate: Candidate): boolean {
  return current.version === candidate.version && current.digest === candidate.digest;
}
