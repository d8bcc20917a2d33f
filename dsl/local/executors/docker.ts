import { execFile } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { commandLine, CONTAINER_ROOT, pathsBelow, PROTOCOL_VARIABLE, type StepContract } from '../../contract/index.ts';
import { PipewrightError } from '../../errors/index.ts';
import type { Bundle } from '../bundle.ts';
import type { Ending, Execution, Executor, Job } from '../executor.ts';
import { reasonOf } from '../reason.ts';
import { Child } from './child.ts';
import { dockerWords } from './docker-words.ts';
import { explainStart } from './explain-start.ts';
import { shortenWords } from './long-words.ts';
import { release, watch } from './watchdog.ts';

const execute = promisify(execFile);

/** What `docker run` itself ends with when the container could not be started; see its manual, "Exit status". */
const COULD_NOT_START = new Map([[125, 'docker itself failed'], [126, 'its program may not be executed'], [127, 'its image has no such program']]);

/** How the last line begins when docker, or the init process that `--init` puts into the container, says so itself. */
const COMPLAINT = /^(docker: |Error response from daemon|Unable to find image|Run 'docker |See 'docker |\[FATAL tini)/;

export interface DockerExecutorOptions {
  /** Packs a TypeScript step; its bundle is laid over the one in the image, so what runs is what the cache thinks runs. */
  readonly bundle: (contract: StepContract) => Promise<Bundle>;
  /** When an image is fetched: always, never, or if it is not there (default). */
  readonly pull?: 'always' | 'missing' | 'never';
  /** Name of a network; the engine's default without it. */
  readonly network?: string;
}

/** Runs each attempt in a container of the step's image, with the words that a pod would be started with. */
export function createDockerExecutor(options: DockerExecutorOptions): Executor {
  return { name: 'docker', prepare: requireEngine, start: (job) => startContainer(job, options) };
}

/** Throws PW904 when no engine answers. */
export async function requireEngine(): Promise<void> {
  try {
    await execute('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 });
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const said = ((cause as { readonly stderr?: string }).stderr ?? '').trim().split('\n').at(-1);
    throw new PipewrightError(
      {
        code: 'PW904',
        message: absent ? 'There is no program "docker" on this machine.' : `No container engine answers: ${said || 'docker did not say why'}.`,
        fix: absent ? 'Install Docker or a program that stands in for it, or run without --executor docker.' : 'Start it, or run without --executor docker.',
      },
      { cause },
    );
  }
}

function startContainer(job: Job, options: DockerExecutorOptions): Execution {
  const container = `pipewright-${job.name}`;
  const state: { child?: Child; stopped: boolean; over: boolean } = { stopped: false, over: false };
  const run = async (): Promise<Ending> => {
    let words: readonly string[];
    try {
      words = await wordsOf(job, container, options);
    } catch (error) {
      return { kind: 'NotStarted', reason: reasonOf(error) };
    }
    if (state.stopped) return { kind: 'Signalled', signal: 'SIGTERM' };
    let lastError = '';
    watch({ container });
    state.child = new Child({
      words,
      folder: job.folder,
      environment: { ...(process.env as Record<string, string>), ...secretsOf(job) },
      graceSeconds: 1,
      onLine: (stream, line) => {
        if (stream === 'stderr') lastError = line;
        job.onLine(stream, line);
      },
      onStart: () => undefined,
      explain: (error) => explainStart(error, job.contract, 'docker'),
    });
    const ending = await state.child.ended;
    state.over = true;
    // The client may have ended before the container did.
    if (ending.kind === 'Signalled') await execute('docker', ['rm', '--force', container]).catch(() => undefined);
    release({ container });
    return state.stopped || ending.kind !== 'Exited' ? ending : explainExit(ending, job, lastError);
  };
  return {
    ended: run(),
    stop: () => {
      if (state.stopped) return;
      state.stopped = true;
      void stopContainer(container, job.graceSeconds, state);
    },
  };
}

const POLL_MS = 100;

/** SIGTERM as soon as the container is there, SIGKILL after the grace, and the client too if it is still busy fetching the image. */
async function stopContainer(container: string, graceSeconds: number, state: { readonly child?: Child; readonly over: boolean }): Promise<void> {
  const signal = (name: string): Promise<boolean> => execute('docker', ['kill', `--signal=${name}`, container]).then(() => true, () => false);
  const begun = performance.now();
  for (let asked = false; !state.over; await sleep(POLL_MS)) {
    if (performance.now() - begun >= graceSeconds * 1000) {
      await signal('KILL');
      state.child?.stop();
    } else if (!asked) asked = await signal('TERM');
  }
}

async function wordsOf(job: Job, container: string, { bundle, pull = 'missing', network }: DockerExecutorOptions): Promise<readonly string[]> {
  const { contract } = job;
  const packed = contract.program.kind === 'module' ? await bundle(contract) : undefined;
  const words = commandLine(contract, { parameter: (name) => job.parameters[name] ?? '', ...pathsBelow(CONTAINER_ROOT) });
  return dockerWords({
    container,
    image: contract.image,
    words: packed === undefined ? words : shortenWords(words, job.folder, CONTAINER_ROOT),
    mounts: [
      { from: job.folder, to: CONTAINER_ROOT, readOnly: false },
      ...(packed === undefined ? [] : ['main.mjs', ...packed.assets].map((file) => ({ from: join(packed.folder, file), to: `/app/${file}`, readOnly: true }))),
      ...storeMount(job.environment['PIPEWRIGHT_STORE']),
    ],
    environment: { TZ: 'UTC', HOME: `${CONTAINER_ROOT}/tmp`, ...openVariables(job), TMPDIR: `${CONTAINER_ROOT}/tmp`, [PROTOCOL_VARIABLE]: 'lines' },
    secrets: Object.keys(secretsOf(job)),
    resources: job.resources,
    labels: { 'pipewright.run': job.run, 'pipewright.task': job.task },
    user: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    pull,
    network,
  });
}

function secretsOf({ contract, environment }: Job): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => contract.secrets.includes(name)));
}

function openVariables({ contract, environment }: Job): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !contract.secrets.includes(name)));
}

/** A step that is told where the store is finds it there, also when that is a folder of this machine. */
function storeMount(location: string | undefined): { from: string; to: string; readOnly: boolean }[] {
  return location !== undefined && isAbsolute(location) ? [{ from: location, to: location, readOnly: false }] : [];
}

/** A container that never ran is an Error, not a Failed step. A program may itself end with these codes; then docker prints nothing of its own. */
function explainExit(ending: Extract<Ending, { kind: 'Exited' }>, job: Job, lastError: string): Ending {
  const why = COULD_NOT_START.get(ending.code);
  if (why === undefined || !COMPLAINT.test(lastError)) return ending;
  return {
    kind: 'NotStarted',
    reason: { code: 'PW305', message: `The container of the step "${job.contract.name}" could not be started: ${why} (${lastError}).`, fix: `Check the image ${job.contract.image} and the command line of the step.` },
  };
}
