import { readFileSync } from 'node:fs';

const ENDED = 'ended';

/**
 * Whether a process of this machine still runs. An identifier may have been given to another process since: where the
 * start time is known, both then (`start`) and now, it decides.
 */
export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  const now = readStart(pid);
  if (now === ENDED) return false;
  return start === undefined || now === undefined || now === start;
}

/** When this process started, in clock ticks after boot; undefined where there is no /proc. */
export function ownStart(): string | undefined {
  return readStart(process.pid);
}

/** Field 22 of proc_pid_stat(5). */
function readStart(pid: number): string | undefined {
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
