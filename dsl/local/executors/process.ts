import { join } from 'node:path';
import { commandLine, pathsBelow, PROTOCOL_VARIABLE, type StepContract } from '../../contract/index.ts';
import type { Bundle } from '../bundle.ts';
import type { Ending, Execution, Executor, Job } from '../executor.ts';
import { reasonOf } from '../reason.ts';
import { Child } from './child.ts';
import { explainStart } from './explain-start.ts';
import { shortenWords } from './long-words.ts';
import { release, watch } from './watchdog.ts';

export interface ProcessExecutorOptions {
  /** Packs a TypeScript step; see `createBundler`. */
  readonly bundle: (contract: StepContract) => Promise<Bundle>;
}

/**
 * Runs each attempt as a child process: a TypeScript step's own bundle under this Node, any other program as its command
 * line says. The environment is as small as a container's: PATH, HOME, TMPDIR, TZ=UTC and the variables that the step declares.
 */
export function createProcessExecutor({ bundle }: ProcessExecutorOptions): Executor {
  return { name: 'process', start: (job) => startJob(job, bundle) };
}

function startJob(job: Job, bundle: ProcessExecutorOptions['bundle']): Execution {
  let child: Child | undefined;
  let stopped = false;
  const run = async (): Promise<Ending> => {
    let words: readonly string[];
    try {
      words = await wordsOf(job, bundle);
    } catch (error) {
      return { kind: 'NotStarted', reason: reasonOf(error) };
    }
    if (stopped) return { kind: 'Signalled', signal: 'SIGTERM' };
    let group: number | undefined;
    child = new Child({
      words,
      folder: job.folder,
      environment: environmentOf(job),
      graceSeconds: job.graceSeconds,
      onLine: job.onLine,
      onStart: (pid) => {
        group = pid;
        watch({ group });
      },
      explain: (error) => explainStart(error, job.contract, words[0] ?? ''),
    });
    const ending = await child.ended;
    if (group !== undefined) release({ group });
    return ending;
  };
  return {
    ended: run(),
    stop: () => {
      stopped = true;
      child?.stop();
    },
  };
}

async function wordsOf(job: Job, bundle: ProcessExecutorOptions['bundle']): Promise<readonly string[]> {
  const { contract } = job;
  const fill = { parameter: (name: string) => job.parameters[name] ?? '', ...pathsBelow(job.folder) };
  if (contract.program.kind === 'command') return commandLine(contract, fill);
  const { main } = await bundle(contract);
  const words = commandLine(contract, fill, [process.execPath, ...(process.env['PIPEWRIGHT_DEBUG'] ? ['--enable-source-maps'] : []), main]);
  return shortenWords(words, job.folder, job.folder);
}

function environmentOf(job: Job): Record<string, string> {
  const inherited = ['PATH', 'HOME', 'PIPEWRIGHT_DEBUG'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), TZ: 'UTC', ...job.environment, TMPDIR: join(job.folder, 'tmp'), [PROTOCOL_VARIABLE]: 'lines' };
}
