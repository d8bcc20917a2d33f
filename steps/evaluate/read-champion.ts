import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { getArtifact, openStore } from '../../store/index.ts';
import { readModel, type ReadModel } from './read-model.ts';

/**
 * The model in production, from the store. Its name is its content, so this is no hidden input: the same digest gives
 * the same bytes wherever it is read.
 */
export async function readChampion(digest: string, location: string | undefined): Promise<ReadModel> {
  if (location === undefined || location === '') {
    throw new PipewrightError({
      code: 'PW501',
      message: 'The model in production cannot be read: the variable PIPEWRIGHT_STORE, which says where the store is, is not set.',
      fix: 'Set it to the folder or to the s3:// address of the store, or leave the parameter "champion" empty.',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-champion-'));
  try {
    await getArtifact(await openStore(location), { type: 'directory', digest: digest as Digest, size: 0 }, folder);
    return await readModel(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why the days cannot tell which of the two is better, as a clause; undefined when they can. */
export function whyIncomparable({ document: candidate }: ReadModel, { document: champion }: ReadModel): string | undefined {
  if (candidate.horizonDays !== champion.horizonDays) {
    return `it looks ${champion.horizonDays} trading days ahead and the candidate ${candidate.horizonDays}`;
  }
  return candidate.featureSet.hash === champion.featureSet.hash ? undefined : 'it was trained on other features than the candidate';
}
