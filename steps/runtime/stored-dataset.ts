import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../dsl/util/index.ts';
import { openStepStore } from './open-step-store.ts';

/**
 * Calls `use` with the path of a dataset of the store that was named by its digest. That is no hidden input: the same digest is the
 * same bytes wherever the store is. The step declares STORE_VARIABLES and STORE_SECRETS. PW402 when the store does not have it.
 */
export async function withStoredDataset<T>(digest: string, environment: Readonly<Record<string, string | undefined>>, use: (path: string) => Promise<T>): Promise<T> {
  const store = await openStepStore(environment);
  const { getArtifact } = await import('../../store/index.ts');
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-dataset-'));
  try {
    const path = join(folder, 'dataset.arrow');
    await getArtifact(store, { type: 'file', digest: digest as Digest, size: 0 }, path);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
