import { text } from 'node:stream/consumers';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { readTasks } from '../../dsl/local/index.ts';
import { canonicalJson } from '../../dsl/util/index.ts';
import { buildCard, cardMarkdown, type ModelCard } from '../../model/card/index.ts';
import { decodeModel } from '../../model/document/index.ts';
import { openRegistry, readModelFiles, type LedgerEntry } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { print } from './show-models.ts';

/**
 * The verb `models card`. The card is made of what the registry vouches for: the version's files, and the verdict that the
 * ledger names as evidence. So it belongs to the version, whenever it is looked at, without being part of its identity: a
 * model that is judged again stays the same version.
 */
export async function showCard(name: string, version: number, options: PlaceOptions & { readonly json: boolean }): Promise<void> {
  const store = await openStoreOf(options);
  const registry = openRegistry(store);
  const { artifact } = await registry.readVersion(name, version);
  const decision = (await registry.ledger(name)).findLast((entry) => entry.version === version && entry.evidence !== null);
  const files = await readModelFiles(store, artifact.digest);
  const verdict = decision === undefined ? undefined : await readEvidence(store, decision);
  const code = decision?.run == null ? undefined : await codeOfRun(options.folder, decision.run);
  const card = refuseUnreadable(name, version, () => buildCard({ digest: artifact.digest, document: decodeModel(files).document, verdict, code, version }));
  print([options.json ? canonicalJson(card) : cardMarkdown(card)]);
}

async function readEvidence(store: Store, { evidence }: LedgerEntry): Promise<unknown> {
  return JSON.parse(await text(await store.getObject(evidence!))) as unknown;
}

/** Of each step of a run in this folder; undefined when it is not here, as for a run on a cluster that was not pulled. */
async function codeOfRun(folder: string, run: string): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const codes = (await readTasks(folder, run)).flatMap(({ step, parts }) => (parts === undefined ? [] : [[step, parts.code] as const]));
    return codes.length === 0 ? undefined : Object.fromEntries(codes);
  } catch (error) {
    if (error instanceof PipewrightError) return undefined;
    throw error;
  }
}

function refuseUnreadable(name: string, version: number, work: () => ModelCard): ModelCard {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new PipewrightError(
      { code: 'PW507', message: `Of version ${version} of ${name} no card can be made. ${cause.message}`, fix: 'Train and evaluate the model again with this release.' },
      { cause },
    );
  }
}
