import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openDirectoryStore } from '../../store/directory-store.ts';
import { describeStore } from './behaviour.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describeStore('a directory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  folders.push(root);
  const store = await openDirectoryStore(root);
  return {
    store,
    again: () => openDirectoryStore(root),
    damage: async (digest, bytes) => {
      await chmod(store.objectPath(digest), 0o644);
      await writeFile(store.objectPath(digest), bytes);
    },
    remove: (digest) => rm(store.objectPath(digest)),
  };
});
