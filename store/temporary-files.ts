import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** `pipewright-<host>-<pid>-<start>-<random>`: enough to tell later whether the writer still lives. */
const NAME = /^pipewright-([0-9a-f]{8})-([0-9]+)-([0-9]+)-[0-9a-f]{16}$/;
/** A process on another host cannot be asked; its file counts as left behind when nothing was written for a day. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

// Containers that share a folder have their own host names and their own process ids.
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const START = startOf('self') ?? '0';

export function temporaryName(): string {
  return `pipewright-${HOST}-${process.pid}-${START}-${randomBytes(8).toString('hex')}`;
}

/** Removes what crashed processes left in a folder; returns the names. Files of living processes and other names stay. */
export async function sweepTemporaryFiles(folder: string): Promise<readonly string[]> {
  const removed: string[] = [];
  // A folder that is not there or cannot be read, as in the image of a server that only reads, has nothing to sweep.
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (!(await isLeftBehind(name, path))) continue;
    // Someone else may sweep at the same time, and a reader may lack the right to: both are harmless.
    await rm(path, { force: true }).then(
      () => removed.push(name),
      () => undefined,
    );
  }
  return removed;
}

async function isLeftBehind(name: string, path: string): Promise<boolean> {
  const [, host, pid, start] = NAME.exec(name) ?? [];
  if (host === undefined || pid === undefined || start === undefined) return false;
  if (host === HOST) return !isAlive(Number(pid), start);
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > FOREIGN_AGE_MS;
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  // The id may have been given to another process since; where the system tells the start time, compare it.
  const now = startOf(pid);
  if (now === ENDED) return false;
  return now === undefined || start === '0' || now === start;
}

const ENDED = 'ended';

/** Start time in clock ticks after boot: field 22 of proc_pid_stat(5). Undefined where there is no /proc. */
function startOf(pid: number | 'self'): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses, which may itself hold spaces; the third follows the last one.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended, although nobody has collected it yet.
    return fields[0] === 'Z' ? ENDED : fields[19];
  } catch {
    return undefined;
  }
}
