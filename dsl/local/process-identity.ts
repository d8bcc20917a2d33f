import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { digestOf } from '../util/index.ts';
import type { ProcessIdentity } from './run-record.ts';

// Containers that share a folder have their own host names and their own process identifiers.
const HOST = digestOf(hostname()).slice('sha256:'.length, 'sha256:'.length + 8);

export function thisProcess(): ProcessIdentity {
  const start = startOf(process.pid);
  return { pid: process.pid, host: HOST, ...(start === undefined ? {} : { start }) };
}

/** Whether a process still runs; undefined where that cannot be told, because it ran on another host. */
export function isAlive({ pid, start, host }: ProcessIdentity): boolean | undefined {
  if (host !== HOST) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  const now = startOf(pid);
  return start === undefined || now === undefined || now === start;
}

/** Start time in clock ticks after boot, field 22 of proc_pid_stat(5); undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold anything; the third follows the last parenthesis.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
