import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandLine, pathsBelow, type StepContract } from '../../contract/index.ts';
import { PipewrightError } from '../../errors/index.ts';
import type { Ending, Execution, Executor, Job } from '../executor.ts';
import { reasonOf } from '../reason.ts';
import { after } from '../timers.ts';

/**
 * What `implementStep` of steps/runtime returns, as far as this executor needs it: the same entry as in a process, with
 * the words of a command line and a place for what is printed.
 */
export interface InlineProgram {
  readonly invoke: (words: readonly string[], host: InlineHost) => Promise<number>;
}

export interface InlineHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly signal: AbortSignal;
}

export interface InlineExecutorOptions {
  /** Who runs steps that are not written in TypeScript; without it they are refused. */
  readonly commands?: Executor;
}

/**
 * Runs TypeScript steps inside this process, for debuggers and unit tests: `run.ts` beside the step's entry is imported,
 * and its default export called. Such a step is not isolated: it can be asked to stop, but not ended, it shares this
 * process's global state, and one that only computes holds up the others.
 */
export function createInlineExecutor({ commands }: InlineExecutorOptions = {}): Executor {
  return {
    name: 'inline',
    ...(commands?.prepare === undefined ? {} : { prepare: () => commands.prepare!() }),
    start: (job) => (job.contract.program.kind === 'module' ? startInline(job) : (commands?.start(job) ?? refuse(job))),
  };
}

function startInline(job: Job): Execution {
  const controller = new AbortController();
  let giveUp: (() => void) | undefined;
  const abandoned = new Promise<Ending>((resolve) => {
    giveUp = () => resolve({ kind: 'Signalled', signal: 'SIGKILL' });
  });
  let takeBack: (() => void) | undefined;
  const work = invoke(job, controller.signal).catch((error: unknown): Ending => ({ kind: 'NotStarted', reason: reasonOf(error) }));
  return {
    ended: Promise.race([work, abandoned]).finally(() => takeBack?.()),
    stop: () => {
      if (controller.signal.aborted) return;
      controller.abort();
      takeBack = after(job.graceSeconds, () => giveUp?.());
    },
  };
}

async function invoke(job: Job, signal: AbortSignal): Promise<Ending> {
  const program = await importProgram(job.contract);
  const fill = { parameter: (name: string) => job.parameters[name] ?? '', ...pathsBelow(job.folder) };
  const words = commandLine(job.contract, fill, []);
  const code = await program.invoke(words, { environment: { ...job.environment, PIPEWRIGHT_PROTOCOL: 'lines' }, print: job.onLine, signal });
  return { kind: 'Exited', code };
}

async function importProgram(contract: StepContract): Promise<InlineProgram> {
  const entry = contract.program.kind === 'module' ? contract.program.entry : '';
  const url = new URL('./run.ts', entry);
  const found = existsSync(fileURLToPath(url)) ? ((await import(url.href)) as { readonly default?: unknown }).default : undefined;
  if (isProgram(found)) return found;
  throw new PipewrightError({
    code: 'PW305',
    message: `The step "${contract.name}" cannot run inline: ${fileURLToPath(url)} does not exist or its default export is not what implementStep returns.`,
    fix: 'Write "export default implementStep(…)" in run.ts and call it from main.ts, or use --executor process.',
  });
}

function isProgram(value: unknown): value is InlineProgram {
  return typeof value === 'object' && value !== null && 'invoke' in value && typeof value.invoke === 'function';
}

function refuse(job: Job): Execution {
  const reason = {
    code: 'PW305' as const,
    message: `The step "${job.contract.name}" is not written in TypeScript, so it cannot run inline.`,
    fix: 'Use --executor process or --executor docker.',
  };
  return { ended: Promise.resolve({ kind: 'NotStarted', reason }), stop: () => undefined };
}
