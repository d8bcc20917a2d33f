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
  if (now === ENDED) return false;
  return start === undefined || now === undefined || now === start;
}

const ENDED = 'ended';

/** Start time in clock ticks after boot, field 22 of proc_pid_stat(5); undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses that may hold anything; the third follows the last parenthesis.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; where nobody collects it, as in a container without an init, it would seem alive for ever.
    return fields[0] === 'Z' ? ENDED : fields[19];
  } catch {
    return undefined;
  }
}
