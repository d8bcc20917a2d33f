import type { Digest } from '../../dsl/util/index.ts';
import { readModelFiles } from '../../registry/index.ts';
import { openStepStore } from '../runtime/open-step-store.ts';
import { decodeFiles, type ReadModel } from './read-model.ts';

/**
 * The model in production, from the store. Its name is its content, so this is no hidden input: the same digest gives
 * the same bytes wherever it is read. PW402 when it is not there, PW507 when it is no model.
 */
export async function readChampion(digest: string, environment: Readonly<Record<string, string | undefined>>): Promise<ReadModel> {
  return decodeFiles(await readModelFiles(await openStepStore(environment), digest as Digest));
}

/** Why the days cannot tell which of the two is better, as a clause; undefined when they can. */
export function whyIncomparable({ document: candidate }: ReadModel, { document: champion }: ReadModel): string | undefined {
  if (candidate.horizonDays !== champion.horizonDays) {
    return `it looks ${champion.horizonDays} trading days ahead and the candidate ${candidate.horizonDays}`;
  }
  return candidate.featureSet.hash === champion.featureSet.hash ? undefined : 'it was trained on other features than the candidate';
}
