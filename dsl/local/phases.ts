import { setMaxListeners } from 'node:events';
import type { Halt, Phase, RunContext } from './context.ts';
import type { RunOptions } from './options.ts';
import type { Reason } from './run-record.ts';
import { combine, type RunStatus, type Status } from './status.ts';
import { after } from './timers.ts';
import { Walk, type Edges } from './walk.ts';

interface Carried {
  readonly status: RunStatus;
  readonly reason?: Reason;
}

/** The body, then the exit handler, whatever happened; each until it is halted by its user or its time is up. */
export async function carryOut(context: RunContext, edges: Edges, options: RunOptions): Promise<Carried> {
  const { pipeline, values, emit } = context;
  const body = createPhase();
  const exit = createPhase();
  let inBody = true;
  const stop = (why: Halt): void => {
    if (!inBody && why !== 'terminated') return;
    emit({ kind: 'RunStopping', at: Date.now(), why });
    body.halt(why);
    if (why === 'terminated') exit.halt(why);
  };
  const deafen = [listen(options.signal, () => stop('cancelled')), listen(options.terminate, () => stop('terminated')), after(pipeline.timeoutSeconds, () => stop('timeout'))];
  try {
    const carried = outcomeOf(await new Walk(context, edges, body).scope(pipeline.body, []), body, pipeline.timeoutSeconds);
    inBody = false;
    if (pipeline.onExit.length === 0) return carried;
    // Argo has no status of its own for a run that its user stopped.
    values.status = carried.status === 'Cancelled' ? 'Failed' : carried.status;
    if (!exit.signal.aborted) emit({ kind: 'ExitHandlerStarted', at: Date.now(), status: values.status });
    const handled = outcomeOf(await new Walk(context, edges, exit).scope(pipeline.onExit, []), exit, pipeline.timeoutSeconds);
    return carried.status === 'Succeeded' ? handled : carried;
  } finally {
    for (const stopListening of deafen) stopListening();
  }
}

function outcomeOf(statuses: readonly Status[], phase: Phase, timeoutSeconds: number): Carried {
  const status = combine(statuses);
  if (status === 'Succeeded') return { status };
  switch (phase.halted()) {
    case 'cancelled':
    case 'terminated':
      return { status: 'Cancelled', reason: { code: 'PW304', message: 'The run was stopped by its user.', fix: 'Run again: finished steps are taken from the cache.' } };
    case 'timeout':
      return { status: 'Failed', reason: { code: 'PW303', message: `The run was not done in its time of ${timeoutSeconds} s.`, fix: 'Give the pipeline a longer timeout; finished steps are taken from the cache.' } };
    case undefined:
      return { status: status === 'Omitted' ? 'Failed' : status };
  }
}

function createPhase(): Phase & { readonly halt: (why: Halt) => void } {
  const controller = new AbortController();
  // Every step at work listens.
  setMaxListeners(0, controller.signal);
  return {
    signal: controller.signal,
    halted: () => (controller.signal.aborted ? (controller.signal.reason as Halt) : undefined),
    halt: (why) => controller.abort(why),
  };
}

function listen(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return () => undefined;
  signal.addEventListener('abort', call, { once: true });
  if (signal.aborted) call();
  return () => signal.removeEventListener('abort', call);
}
