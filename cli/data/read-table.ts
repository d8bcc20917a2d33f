import { join } from 'node:path';
import type { Digest } from '../../dsl/util/index.ts';
import { readTable, type DatasetTable } from '../../steps/runtime/dataset-table.ts';
import { getArtifact, type Store } from '../../store/index.ts';
import { inScratchFolder } from '../start/scratch-folder.ts';

/** A dataset of the store, with all its columns. PW402 when the store does not have it, PW502 when it is no dataset. */
export async function readStoredTable(store: Store, digest: Digest): Promise<DatasetTable> {
  return inScratchFolder('data', async (folder) => {
    const path = join(folder, 'dataset.arrow');
    await getArtifact(store, { type: 'file', digest, size: 0 }, path);
    return readTable(path);
  });
}
