import type { LedgerEntry } from './entry.ts';

/** Where an alias points, and since when. */
export interface AliasState {
  readonly alias: string;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The entry that put it there. */
  readonly entry: LedgerEntry;
}

/** Aliases are nothing but this: the ledger, read from its beginning. */
export function foldAliases(entries: readonly LedgerEntry[]): ReadonlyMap<string, AliasState> {
  const states = new Map<string, AliasState>();
  for (const entry of entries) {
    if (entry.action !== 'none') states.set(entry.alias, { alias: entry.alias, version: entry.version, since: entry.at, entry });
  }
  return states;
}

/**
 * The versions that an alias may go back to, the last one first. A version that was rolled back is not among them, so
 * going back twice leads two versions back and never to the bad one.
 */
export function earlierVersions(entries: readonly LedgerEntry[], alias: string): readonly number[] {
  const held: number[] = [];
  for (const entry of entries) {
    if (entry.alias !== alias) continue;
    if (entry.action === 'rollback') held.length = held.lastIndexOf(entry.version) + 1;
    else if (entry.action === 'promote' && held.at(-1) !== entry.version) held.push(entry.version);
  }
  return held.slice(0, -1).reverse();
}

/** How a rollout says in the ledger that the version it promoted gets the requests now. */
export const ROLLED_OUT = 'rolled-out';

/**
 * The version behind an alias that really serves; undefined for none. That is where the alias points, unless a rollout
 * promoted it there and ended before it gave it the requests: then what was before still answers.
 */
export function servedVersion(entries: readonly LedgerEntry[], alias: string): number | undefined {
  const last = entries.findLast((entry) => entry.alias === alias && entry.action !== 'none');
  if (last === undefined || !isUnfinished(entries, last)) return last?.version;
  // The one before may be unfinished, too.
  return servedVersion(entries.slice(0, entries.indexOf(last)), alias);
}

/** Whether the promotion is one whose requests have not followed. */
export function isUnfinished(entries: readonly LedgerEntry[], { pending, alias, version, sequence }: LedgerEntry): boolean {
  return pending === true && !entries.some((entry) => entry.sequence > sequence && entry.decision === ROLLED_OUT && entry.alias === alias && entry.version === version);
}

/** How a rollout that failed says so in the ledger. It is no judgement of a person about the version. */
export const ROLLOUT_FAILED = 'rollout-failed';

/**
 * Number of the last entry by which a person moved an alias, or anybody took a version back; 0 for none. A run that asks
 * the same as one before it may take that one's answer only if this is still the same.
 */
export function lastIntervention(entries: readonly LedgerEntry[], alias: string): number {
  const moved = entries.findLast((entry) => entry.alias === alias && (entry.action === 'rollback' || (entry.action === 'promote' && entry.run === null)));
  return moved?.sequence ?? 0;
}
