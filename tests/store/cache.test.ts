import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { digestOfJson } from '../../dsl/util/index.ts';
import { Cache, openDirectoryStore } from '../../store/index.ts';

it('asks again for what it could not be told because the store failed', async () => {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-cache-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const store = await openDirectoryStore(root);
  const cache = new Cache<{ readonly name: string; readonly environment: {} }>(store);
  const parts = { name: 'a', environment: {} };
  const output = { type: 'file' as const, ...(await store.putObject('bytes')) };
  await cache.keep(parts, { outputs: { output }, results: {}, run: 'r', task: 't', finishedAt: '2026-01-31T00:00:00.000Z', seconds: 1 });

  await rename(join(root, 'objects'), join(root, 'away'));
  await writeFile(join(root, 'objects'), 'in the way');
  await expect(cache.lookUp(digestOfJson(parts))).rejects.toMatchObject({ code: 'PW403' });
  await rm(join(root, 'objects'));
  await rename(join(root, 'away'), join(root, 'objects'));
  expect(await cache.lookUp(digestOfJson(parts))).toMatchObject({ kind: 'hit', record: { outputs: { output } } });
});
