import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';
import type { ModelDocument } from '../../model/document/index.ts';
import { finishRollout, openRegistry, ROLLOUT_FAILED, servedVersion, type LedgerEntry, type ModelVersion, type Registry } from '../../registry/index.ts';
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
  /** The requests follow the alias later, by a rollout: until then the promotion is noted as unfinished. */
  readonly isRolledOut?: boolean;
}

/** A model that is registered, and the moves of its alias that a deployment may make. Each can be repeated. */
export interface Registered {
  readonly version: ModelVersion;
  /** Throws what `promote` would throw now. */
  demand(): Promise<void>;
  /**
   * Points the alias to it; false when it points there already, and then the ledger gets no entry. The alias moves only if
   * it points to the model that the verdict compared with (compare and swap), or to one above it whose rollout was never
   * finished; PW411 otherwise: a verdict about another opponent says nothing.
   */
  promote(): Promise<boolean>;
  /** Notes that it gets the requests now, if its promotion waits for that. */
  finish(): Promise<void>;
  /** Whether the alias points to it now. */
  isPromoted(): Promise<boolean>;
  /** Points the alias back to where it was; where it was nowhere it stays, and the ledger has the reason. */
  takeBack(reason: string): Promise<void>;
}

/** Registers the model: the same model is the same version. */
export async function registerModel(store: Store, { name, alias, folder, document, verdict, run, isRolledOut = false }: Registration): Promise<Registered> {
  const registry = openRegistry(store);
  const version = await registry.registerVersion(name, { artifact: await putArtifact(store, folder), metadata: describe(document) });
  const number = version.version;
  const ofRun = run === undefined ? {} : { run };
  const present = (): Promise<number | undefined> => presentVersion(registry, name, alias);
  const isPromoted = async (): Promise<boolean> => (await present()) === number;
  const demand = async (): Promise<void> => {
    const now = await present();
    if (now === number) return;
    refuseRolledBack(await registry.ledger(name), alias, number);
    await registry.demandAlias(name, alias, await expectedVersion(registry, name, alias, verdict.champion, now));
  };
  return {
    version,
    isPromoted,
    demand,
    promote: async () => {
      const now = await present();
      if (now === number) return false;
      refuseRolledBack(await registry.ledger(name), alias, number);
      const { digest: evidence } = await store.putObject(verdict.bytes);
      const { decision, reason } = verdict;
      await registry.promote(name, { version: number, alias, expected: await expectedVersion(registry, name, alias, verdict.champion, now), decision, reason, evidence, ...ofReview(verdict), pending: isRolledOut, ...ofRun });
      return true;
    },
    finish: () => finishRollout(registry, name, alias, number, run),
    takeBack: async (reason) => {
      if (!(await isPromoted())) return;
      const entries = await registry.ledger(name);
      const last = entries.findLast((entry) => entry.alias === alias && entry.action !== 'none')!;
      const before = servedVersion(entries.slice(0, last.sequence - 1), alias);
      if (last.from === null || before === undefined) await registry.recordDecision(name, { version: number, alias, decision: ROLLOUT_FAILED, reason, ...ofRun });
      else await registry.rollback(name, alias, { expected: number, to: before, decision: ROLLOUT_FAILED, reason, ...ofRun });
    },
  };
}

/**
 * Somebody took this version out of service for a reason that the evaluation may not see. A run must not bring it back in
 * silence: only a person does, by a promotion, which is then the later entry.
 */
function refuseRolledBack(ledger: readonly LedgerEntry[], alias: string, version: number): void {
  const last = ledger.findLast((entry) => entry.alias === alias && entry.action !== 'none' && (entry.version === version || entry.from === version));
  if (last?.action !== 'rollback' || last.from !== version || last.decision === ROLLOUT_FAILED) return;
  throw new PipewrightError({
    code: 'PW507',
    message: `Version ${version} of ${last.model} was rolled back from ${alias} on ${last.at.slice(0, 10)}: ${last.reason}`,
    fix: `Train another model; or, if this one is right after all, put it back by hand: pipewright models promote ${last.model} ${version} --reason "…".`,
  });
}

async function presentVersion(registry: Registry, name: string, alias: string): Promise<number | undefined> {
  return (await registry.aliases(name)).find((state) => state.alias === alias)?.version;
}

/**
 * Where the alias must point: the version that the verdict's opponent has, or one above it whose rollout was never
 * finished. The same bytes may have several versions; the one that the alias points to comes first.
 */
async function expectedVersion(registry: Registry, name: string, alias: string, champion: Digest | null, present: number | undefined): Promise<number | undefined> {
  const served = servedVersion(await registry.ledger(name), alias);
  const opponent = served === undefined ? null : (await registry.readVersion(name, served)).artifact.digest;
  if (served !== present && opponent === champion) return present;
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

/** The answers go into the ledger themselves, so that whoever reads it sees what "promoted" rests on. */
function ofReview({ review }: Verdict): { readonly review?: Readonly<Record<string, string>> } {
  return review === undefined ? {} : { review: Object.fromEntries(review.map(({ question, answer }) => [question, answer])) };
}
