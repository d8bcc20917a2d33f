import { PipewrightError } from '../dsl/errors/index.ts';
import { closest, listed } from '../dsl/util/index.ts';
import type { Store } from '../store/index.ts';
import type { LedgerEntry } from './entry.ts';
import { foldAliases, type AliasState } from './fold.ts';
import { Ledger } from './ledger.ts';
import { checkAlias, checkModelName, checkTime } from './names.ts';
import { demandAlias, promote, recordDecision, rollback, type Decision, type Model, type Promotion, type Rollback } from './promotion.ts';
import { verifyLedger, type LedgerHead, type LedgerVerification } from './verify-ledger.ts';
import type { ModelVersion, VersionContent } from './version.ts';
import { listModels, listVersions, readVersion, registerVersion } from './versions.ts';

/**
 * Models, their versions, and which version an alias such as `production` points to, now and at any time before.
 *
 * Versions are immutable. Aliases have no record of their own: they are read from an append-only ledger, whose entries
 * are created one after the other, so of two racing promotions one is told PW411. Any number of processes may use a
 * registry at once. Names that are not valid give PW413, those that do not exist PW412, damaged records PW404.
 */
export interface Registry {
  /** Registers a content, or finds it: the same artifact, documents and metadata are one version. */
  registerVersion(name: string, content: VersionContent): Promise<ModelVersion>;
  listModels(): Promise<readonly string[]>;
  /** Ascending. */
  listVersions(name: string): Promise<readonly number[]>;
  readVersion(name: string, version: number): Promise<ModelVersion>;

  /** Where every alias points, sorted by alias. */
  aliases(name: string): Promise<readonly AliasState[]>;
  resolveAlias(name: string, alias: string): Promise<number>;
  /** Where an alias pointed at a time; undefined if nowhere. */
  aliasAt(name: string, alias: string, time: string | Date): Promise<number | undefined>;

  /** PW411 unless the alias points there; undefined: nowhere. What a promotion would find now, without one. */
  demandAlias(name: string, alias: string, expected: number | undefined): Promise<void>;
  promote(name: string, promotion: Promotion): Promise<LedgerEntry>;
  rollback(name: string, alias: string, request: Rollback): Promise<LedgerEntry>;
  /** For a verdict that moves nothing: why a version was *not* promoted has an answer too. */
  recordDecision(name: string, decision: Decision): Promise<LedgerEntry>;

  ledger(name: string): Promise<readonly LedgerEntry[]>;
  /** See verify-ledger.ts for what a hash chain shows and what it cannot. */
  verifyLedger(name: string, known?: LedgerHead): Promise<LedgerVerification>;
}

export function openRegistry(store: Store): Registry {
  const ledgers = new Map<string, Ledger>();

  const modelOf = (name: string): Model => {
    checkModelName(name);
    const ledger = ledgers.get(name) ?? new Ledger(store, name);
    ledgers.set(name, ledger);
    return { store, name, ledger };
  };

  const readLedger = async (name: string): Promise<readonly LedgerEntry[]> => {
    const entries = await modelOf(name).ledger.read();
    // A model without a ledger exists if it has a version.
    if (entries.length === 0) await listVersions(store, name);
    return entries;
  };

  return {
    registerVersion: (name, content) => registerVersion(store, name, content),
    listModels: () => listModels(store),
    listVersions: (name) => listVersions(store, name),
    readVersion: (name, version) => readVersion(store, name, version),

    aliases: async (name) => [...foldAliases(await readLedger(name)).values()].sort((a, b) => (a.alias < b.alias ? -1 : 1)),
    resolveAlias: async (name, alias) => {
      checkAlias(alias);
      const states = foldAliases(await readLedger(name));
      const state = states.get(alias);
      if (state === undefined) throw unknownAlias(name, alias, [...states.keys()].sort());
      return state.version;
    },
    aliasAt: async (name, alias, time) => {
      checkAlias(alias);
      const until = checkTime(time);
      return foldAliases((await readLedger(name)).filter((entry) => entry.at <= until)).get(alias)?.version;
    },

    demandAlias: async (name, alias, expected) => demandAlias(modelOf(name), alias, expected),
    promote: async (name, promotion) => promote(modelOf(name), promotion),
    rollback: async (name, alias, request) => {
      await readLedger(name);
      return rollback(modelOf(name), alias, request);
    },
    recordDecision: async (name, decision) => recordDecision(modelOf(name), decision),

    ledger: readLedger,
    verifyLedger: async (name, known) => {
      checkModelName(name);
      const verification = await verifyLedger(store, name, known);
      if (verification.entries === 0 && known === undefined) await listVersions(store, name);
      return verification;
    },
  };
}

function unknownAlias(name: string, alias: string, aliases: readonly string[]): PipewrightError {
  const meant = closest(alias, aliases);
  return new PipewrightError({
    code: 'PW412',
    message: `The model ${name} has no alias "${alias}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    fix:
      aliases.length === 0
        ? `Promote a version to "${alias}" first: no alias of ${name} points anywhere yet.`
        : `Give one of ${listed(aliases)}, or promote a version to "${alias}".`,
  });
}
