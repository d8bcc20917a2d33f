import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Ending } from '../executor.ts';
import type { Reason } from '../run-record.ts';
import { LineSplitter } from '../lines.ts';

export interface ChildSettings {
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly graceSeconds: number;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
  /** Called in the same moment in which the process exists. */
  readonly onStart: (pid: number) => void;
  readonly explain: (error: NodeJS.ErrnoException) => Reason;
}

/** How long to wait for output after the end: only a process that left its group can still hold the pipe. */
const DRAIN_MS = 1000;

/** A program in a process group of its own, so that all of its descendants can be ended with it. */
export class Child {
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess | undefined;
  readonly #graceSeconds: number;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(settings: ChildSettings) {
    this.#graceSeconds = settings.graceSeconds;
    const [program, ...rest] = settings.words;
    try {
      this.#process = spawn(program ?? '', rest, { cwd: settings.folder, env: settings.environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      // Node refuses some words at once: a NUL byte, an empty name.
      this.#over = true;
      this.ended = Promise.resolve({ kind: 'NotStarted', reason: settings.explain(error as NodeJS.ErrnoException) });
      return;
    }
    this.ended = this.#follow(this.#process, settings);
  }

  /** SIGTERM to the group, SIGKILL after the grace. */
  stop(): void {
    if (this.#over || this.#timer !== undefined) return;
    this.#signal('SIGTERM');
    this.#timer = setTimeout(() => this.#signal('SIGKILL'), this.#graceSeconds * 1000);
  }

  async #follow(child: ChildProcess, settings: ChildSettings): Promise<Ending> {
    const drained = Promise.all([readLines(child.stdout!, (line) => settings.onLine('stdout', line)), readLines(child.stderr!, (line) => settings.onLine('stderr', line))]);
    if (child.pid !== undefined) settings.onStart(child.pid);
    const ending = await new Promise<Ending>((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) resolve({ kind: 'NotStarted', reason: settings.explain(error) });
      });
      child.once('exit', (code, signal) => resolve(code === null ? { kind: 'Signalled', signal: signal ?? 'SIGKILL' } : { kind: 'Exited', code }));
    });
    // What the program left behind in its group would otherwise go on in secret.
    this.#signal('SIGKILL');
    this.#over = true;
    clearTimeout(this.#timer);
    await settleWithin(drained, DRAIN_MS);
    child.stdout!.destroy();
    child.stderr!.destroy();
    return ending;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const splitter = new LineSplitter(onLine);
  stream.on('data', (chunk: Buffer) => splitter.write(chunk));
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
  splitter.end();
}

async function settleWithin(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}
