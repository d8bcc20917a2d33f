import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './files.ts';
import { isAlive } from './process-identity.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Removes the work folders of runs that have ended without doing so themselves: killed, or cut off by a power failure.
 * Those of living runs stay, and so do those of another host, which cannot be asked. Returns the runs' identifiers.
 */
export async function sweepWork(root: string): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const run of await readdir(join(root, 'work')).catch(() => [])) {
    const record = (await readJson(join(root, 'runs', run, 'run.json')).catch(() => undefined)) as RunRecord | undefined;
    if (record?.status === 'Running' && isAlive(record.process) !== false) continue;
    await rm(join(root, 'work', run), { recursive: true, force: true, maxRetries: 3 }).then(() => swept.push(run), () => undefined);
  }
  return swept;
}
