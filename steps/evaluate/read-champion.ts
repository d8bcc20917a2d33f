import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../dsl/util/index.ts';
import { getArtifact } from '../../store/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';
import { readModel, type ReadModel } from './read-model.ts';

/**
 * The model in production, from the store. Its name is its content, so this is no hidden input: the same digest gives
 * the same bytes wherever it is read.
 */
export async function readChampion(digest: string, environment: Readonly<Record<string, string | undefined>>): Promise<ReadModel> {
  const store = await openStepStore(environment);
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-champion-'));
  try {
    await getArtifact(store, { type: 'directory', digest: digest as Digest, size: 0 }, folder);
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
