import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PipewrightError } from '../../dsl/errors/index.ts';

/** A call of a program that prints one line of JSON for each part of its work. */
export interface WorkerCall {
  /** What it works on, for messages: `part 2 of 4 of the markets`. */
  readonly name: string;
  /** What Node is called with. */
  readonly words: readonly string[];
  /** Lines that it must print. */
  readonly lines: number;
}

/** All or none: when one fails the others are told to stop, and awaited. Throws what failed first. */
export async function together<T extends readonly unknown[]>(start: (signal: AbortSignal) => { readonly [At in keyof T]: Promise<T[At]> }, outer?: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const begun = start(outer === undefined ? stop.signal : AbortSignal.any([stop.signal, outer]));
  try {
    return (await Promise.all(begun)) as unknown as T;
  } catch (error) {
    stop.abort();
    await Promise.allSettled(begun);
    throw error;
  }
}

/** Makes the calls at the same time. What they printed, call by call. PW301 when one ends early; then none of them is left. */
export async function callWorkers<T>(calls: readonly WorkerCall[], onValue: (value: T) => void, outer?: AbortSignal): Promise<readonly (readonly T[])[]> {
  return together<readonly (readonly T[])[]>((signal) => calls.map((call) => callWorker(call, onValue, signal)), outer);
}

async function callWorker<T>({ name, words, lines }: WorkerCall, onValue: (value: T) => void, signal: AbortSignal): Promise<readonly T[]> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], signal });
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, killedBy) => resolve(killedBy === null ? `exit code ${code}` : `the signal ${killedBy}`));
    child.once('error', (error) => child.pid === undefined && resolve(error.message));
  });
  // A terminal tells Ctrl-C to all of them; whoever ends this process alone means them, too.
  const pass = (name: NodeJS.Signals): void => {
    child.kill(name);
    process.kill(process.pid, name);
  };
  process.once('SIGINT', pass).once('SIGTERM', pass);
  const values: T[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const value = parseJson(line) as T | undefined;
      if (value === undefined) continue;
      values.push(value);
      onValue(value);
    }
    const end = await ended;
    if (end === 'exit code 0' && values.length === lines) return values;
    throw new PipewrightError({ code: 'PW301', message: `The process for ${name} ended with ${end} after ${values.length} of ${lines}.`, fix: 'See what it printed above. A process that is killed often had too little memory: give --processes a smaller number.' });
  } finally {
    child.kill();
    await ended;
    process.off('SIGINT', pass).off('SIGTERM', pass);
  }
}

/** Undefined for half a line of a process that was ended: one too few is found at its end. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
