import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A new folder that is gone when the test file is over. */
export async function makeFolder(what: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `pipewright-${what}-`));
  made.push(folder);
  return folder;
}
