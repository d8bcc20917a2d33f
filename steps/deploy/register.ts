import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';
import type { ModelDocument } from '../../model/document/index.ts';
import { openRegistry, type LedgerEntry, type ModelVersion, type Registry } from '../../registry/index.ts';
import { putArtifact, type Store } from '../../store/index.ts';
import type { Verdict } from './verdict.ts';

export interface Registration {
  readonly name: string;
  readonly alias: string;
  /** Folder of the model. */
  readonly folder: string;
  readonly document: ModelDocument;
  readonly verdict: Verdict;
  /** The run that deploys, for the ledger. */
  readonly run?: string | undefined;
}

/**
 * Registers the model and points the alias to it. Both can be repeated: the same model is the same version, and an alias
 * that points to it already stays, without a new entry in the ledger.
 *
 * The alias moves only if it points to the model that the verdict compared with (compare and swap); PW411 otherwise: a
 * verdict about another opponent says nothing.
 */
export async function registerAndPromote(store: Store, { name, alias, folder, document, verdict, run }: Registration): Promise<{ version: ModelVersion; moved: boolean }> {
  const registry = openRegistry(store);
  const version = await registry.registerVersion(name, { artifact: await putArtifact(store, folder), metadata: describe(document) });
  const present = await presentVersion(registry, name, alias);
  if (present === version.version) return { version, moved: false };
  refuseRolledBack(await registry.ledger(name), alias, version.version);
  const { digest: evidence } = await store.putObject(verdict.bytes);
  await registry.promote(name, {
    version: version.version,
    alias,
    expected: await expectedVersion(registry, name, verdict.champion, present),
    decision: verdict.decision,
    reason: verdict.reason,
    evidence,
    ...(run === undefined ? {} : { run }),
  });
  return { version, moved: true };
}

/**
 * Somebody took this version out of service for a reason that the evaluation may not see. A run must not bring it back in
 * silence: only a person does, by a promotion, which is then the later entry.
 */
function refuseRolledBack(ledger: readonly LedgerEntry[], alias: string, version: number): void {
  const last = ledger.findLast((entry) => entry.alias === alias && entry.action !== 'none' && (entry.version === version || entry.from === version));
  if (last?.action !== 'rollback' || last.from !== version) return;
  throw new PipewrightError({
    code: 'PW507',
    message: `Version ${version} of ${last.model} was rolled back from ${alias} on ${last.at.slice(0, 10)}: ${last.reason}`,
    fix: `Train another model; or, if this one is right after all, put it back by hand: pipewright models promote ${last.model} ${version} --reason "…".`,
  });
}

async function presentVersion(registry: Registry, name: string, alias: string): Promise<number | undefined> {
  return (await registry.aliases(name)).find((state) => state.alias === alias)?.version;
}

/** The version that the verdict's opponent has. The same bytes may have several; the one that the alias points to comes first. */
async function expectedVersion(registry: Registry, name: string, champion: Digest | null, present: number | undefined): Promise<number | undefined> {
  if (champion === null) return undefined;
  const numbers = await registry.listVersions(name);
  for (const number of [...(present === undefined ? [] : [present]), ...numbers]) {
    if ((await registry.readVersion(name, number)).artifact.digest === champion) return number;
  }
  throw new PipewrightError({
    code: 'PW412',
    message: `The verdict compares with the model ${champion}, which is no version of ${name} in this registry.`,
    fix: 'Evaluate again with the model that is in production here.',
  });
}

/** What a person looking through versions wants to know. Of the model alone, so that the same model stays the same version. */
function describe({ target, horizonDays, featureSet, training }: ModelDocument): Json {
  return { target, horizonDays, featureSetHash: featureSet.hash, architecture: training.settings.architecture, backend: { ...training.backend }, splits: training.splits as unknown as Json };
}
