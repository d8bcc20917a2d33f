import { hostname } from 'node:os';
import { digestOf } from '../util/index.ts';
import { isRunning, ownStart } from '../util/process-life.ts';
import type { ProcessIdentity } from './run-record.ts';

// Containers that share a folder have their own host names and their own process identifiers.
const HOST = digestOf(hostname()).slice('sha256:'.length, 'sha256:'.length + 8);

export function thisProcess(): ProcessIdentity {
  const start = ownStart();
  return { pid: process.pid, host: HOST, ...(start === undefined ? {} : { start }) };
}

/** Whether a process still runs; undefined where that cannot be told, because it ran on another host. */
export function isAlive({ pid, start, host }: ProcessIdentity): boolean | undefined {
  if (host !== HOST) return undefined;
  return isRunning(pid, start);
}
