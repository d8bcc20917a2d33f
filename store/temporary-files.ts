import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning, ownStart } from '../dsl/util/process-life.ts';

/** `pipewright-<host>-<pid>-<start>-<random>`: enough to tell later whether the writer still lives. */
const NAME = /^pipewright-([0-9a-f]{8})-([0-9]+)-([0-9]+)-[0-9a-f]{16}$/;
/** A process on another host cannot be asked; its file counts as left behind when nothing was written for a day. */
const FOREIGN_AGE_MS = 24 * 60 * 60 * 1000;

// Containers that share a folder have their own host names and their own process ids.
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const START = ownStart() ?? '0';

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
  if (host === HOST) return !isRunning(Number(pid), start === '0' ? undefined : start);
  const written = await stat(path).catch(() => undefined);
  return written !== undefined && Date.now() - written.mtimeMs > FOREIGN_AGE_MS;
}
