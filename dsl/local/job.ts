import { once } from 'node:events';
import { encodeValue, readMessage } from '../contract/index.ts';
import type { Phase, RunContext } from './context.ts';
import type { Ending, Execution } from './executor.ts';
import { isErrorCode } from './reason.ts';
import type { Reason } from './run-record.ts';
import type { TaskInstance } from './task-instance.ts';
import { after } from './timers.ts';

export interface JobOutcome {
  readonly ending: Ending;
  /** Who ended it before its time: its own timeout, the run's, or the user. */
  readonly stopped: 'attempt' | 'run' | 'user' | undefined;
  /** What the step itself said about its failure. */
  readonly failure: Reason | undefined;
  /** The last line on standard error. */
  readonly lastWords: string | undefined;
}

/** Starts the program, listens to what it says, and ends it when its time is up. */
export async function runJob(context: RunContext, task: TaskInstance, attempt: number, phase: Phase, folder: string): Promise<JobOutcome> {
  const { contract, node } = task;
  const named = { task: task.name, node: node.id, attempt };
  const log = context.folder.openLog(task.name, attempt);
  // A log that cannot be written (a full disk) must not take the run down with it.
  log.on('error', () => undefined);
  let failure: Reason | undefined;
  let lastWords: string | undefined;

  const onLine = (stream: 'stdout' | 'stderr', line: string): void => {
    const message = stream === 'stdout' ? readMessage(line) : undefined;
    if (message?.type === 'progress') {
      const { done, total, note } = message;
      context.emit({ kind: 'Progress', at: Date.now(), ...named, done, total, ...(note === undefined ? {} : { note }) });
    } else if (message?.type === 'failure') {
      failure = { code: isErrorCode(message.code) ? message.code : 'PW301', message: message.message, fix: message.fix };
    } else {
      log.write(`${line}\n`);
      if (stream === 'stderr' && line.trim() !== '') lastWords = line.trim();
      context.emit({ kind: 'LogLine', at: Date.now(), ...named, stream, line });
    }
  };

  const execution = context.executor.start({
    name: `${context.folder.id}-${task.name.replaceAll(/[()]+/g, '-').replace(/-$/, '')}-${attempt}`,
    run: context.folder.id,
    task: task.name,
    attempt,
    contract,
    parameters: Object.fromEntries(Object.entries(task.parameters).map(([name, value]) => [name, encodeValue(contract.parameters[name]!.type, value)])),
    folder,
    // Which run it is, for a step that asks: a ledger names who wrote into it.
    environment: declared([...contract.environment, ...contract.secrets], { ...context.environment, PIPEWRIGHT_RUN: context.folder.id }),
    resources: { ...contract.resources, ...node.resources },
    graceSeconds: context.graceSeconds,
    onLine,
  });
  const { ending, stopped } = await follow(execution, node.timeoutSeconds, phase);
  log.end();
  if (!log.closed) await once(log, 'close').catch(() => undefined);
  return { ending, stopped, failure, lastWords };
}

async function follow(execution: Execution, timeoutSeconds: number | undefined, phase: Phase): Promise<Pick<JobOutcome, 'ending' | 'stopped'>> {
  let stopped: JobOutcome['stopped'];
  const stop = (who: NonNullable<JobOutcome['stopped']>): void => {
    stopped ??= who;
    execution.stop();
  };
  const onHalt = (): void => stop(phase.halted() === 'timeout' ? 'run' : 'user');
  phase.signal.addEventListener('abort', onHalt, { once: true });
  if (phase.signal.aborted) onHalt();
  const takeBack = timeoutSeconds === undefined ? undefined : after(timeoutSeconds, () => stop('attempt'));
  const ending = await execution.ended;
  takeBack?.();
  phase.signal.removeEventListener('abort', onHalt);
  return { ending, stopped };
}

function declared(names: readonly string[], environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  }));
}
