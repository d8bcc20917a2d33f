import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Runs a TypeScript file as real processes: bundled once, so that a start takes milliseconds. */
export interface Program {
  readonly start: (...argv: readonly string[]) => Child;
  readonly remove: () => Promise<void>;
}

export interface Child {
  readonly process: ChildProcess;
  /** Sends a message and waits for the next one that comes back. Throws if the process ends instead. */
  readonly ask: <Answer>(message: unknown) => Promise<Answer>;
  readonly next: <Answer>() => Promise<Answer>;
  readonly kill: () => Promise<void>;
}

export async function bundleProgram(source: URL): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  const outfile = join(folder, 'program.mjs');
  await build({ entryPoints: [fileURLToPath(source)], outfile, bundle: true, platform: 'node', format: 'esm', external: ['minio'], logLevel: 'silent' });
  return { start: (...argv) => startChild(outfile, argv), remove: () => rm(folder, { recursive: true, force: true }) };
}

function startChild(path: string, argv: readonly string[]): Child {
  const child = fork(path, argv, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  let complaints = '';
  child.stderr!.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const exited = once(child, 'exit');

  const next = async <Answer>(): Promise<Answer> => {
    const abort = new AbortController();
    try {
      const message = once(child, 'message', { signal: abort.signal }) as Promise<[Answer]>;
      const winner = await Promise.race([message, exited.then(() => undefined)]);
      if (winner === undefined) throw new Error(`the process ended without an answer: ${complaints}`);
      return winner[0];
    } finally {
      abort.abort();
    }
  };
  return {
    process: child,
    next,
    ask: (message) => {
      const answer = next();
      child.send(message as never);
      return answer as never;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
