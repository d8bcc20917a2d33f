import { PipewrightError, type Issue } from '../dsl/errors/index.ts';
import { digestOf, type Digest } from '../dsl/util/index.ts';
import { mapBounded, type Store } from '../store/index.ts';
import { parseEntry, type LedgerEntry } from './entry.ts';
import { ledgerKey, ledgerPrefix, numberOf, unreadable, versionKey } from './records.ts';

/** The last entry, as someone noted it outside of the store. */
export interface LedgerHead {
  readonly sequence: number;
  readonly digest: Digest;
}

export interface LedgerVerification {
  /** How many entries there are. */
  readonly entries: number;
  /** Of the last entry; undefined if there is none or it cannot be read. */
  readonly head: LedgerHead | undefined;
  /** All that is wrong; empty when the ledger is sound. */
  readonly issues: readonly Issue[];
}

/**
 * Reads a ledger from the store, without any cache, and lists every entry that is missing, was changed, does not follow
 * the one before, or speaks of a version that is not what it was.
 *
 * A hash chain shows a change of anything that has a successor. Whoever can write the store can still cut off its end, or
 * write all of it anew: only a `known` head that was noted elsewhere shows that.
 */
export async function verifyLedger(store: Store, model: string, known?: LedgerHead): Promise<LedgerVerification> {
  const keys = await store.listRecords(ledgerPrefix(model));
  const last = keys.length === 0 ? 0 : numberOf(keys.at(-1)!);
  const numbers = Array.from({ length: last }, (_, i) => i + 1);
  const read = await mapBounded(numbers, 16, (sequence) => readEntry(store, model, sequence));
  const issues = read.flatMap((each) => (isIssues(each) ? each : []));
  const entries = read.map((each) => (isIssues(each) ? undefined : each));

  issues.push(...checkSequence(entries));
  const versionRecords = await readVersionDigests(store, model, entries);
  for (const entry of entries) {
    if (entry !== undefined && versionRecords.get(entry.version) !== entry.versionDigest) {
      issues.push(unreadable(versionKey(model, entry.version), `is not the one that entry ${entry.sequence} of the ledger speaks of`));
    }
  }
  if (known !== undefined && entries[known.sequence - 1]?.digest !== known.digest) {
    issues.push(unreadable(ledgerKey(model, known.sequence), `does not have the digest ${known.digest} that was noted`));
  }
  const end = entries.at(-1);
  return { entries: last, head: end && { sequence: end.sequence, digest: end.digest }, issues };
}

async function readEntry(store: Store, model: string, sequence: number): Promise<LedgerEntry | Issue[]> {
  const key = ledgerKey(model, sequence);
  const text = await store.readRecord(key);
  if (text === undefined) return [unreadable(key, 'is missing from the ledger')];
  try {
    return parseEntry(model, sequence, text);
  } catch (error) {
    if (error instanceof PipewrightError && error.code === 'PW404') return [...error.issues];
    throw error;
  }
}

function isIssues(read: LedgerEntry | Issue[]): read is Issue[] {
  return Array.isArray(read);
}

/** Each entry against those before it, as far as they can be read: chain, time, and where its alias pointed. */
function checkSequence(entries: readonly (LedgerEntry | undefined)[]): readonly Issue[] {
  const issues: Issue[] = [];
  const pointed = new Map<string, number>();
  let complete = true;
  for (const [i, entry] of entries.entries()) {
    const before = entries[i - 1];
    complete &&= entry !== undefined;
    if (entry === undefined) continue;
    const report = (what: string): number => issues.push(unreadable(ledgerKey(entry.model, entry.sequence), what));
    if ((i === 0 || before !== undefined) && entry.previous !== (before?.digest ?? null)) report('does not follow the entry before it');
    if (before !== undefined && entry.at < before.at) report('is older than the entry before it');
    const from = pointed.get(entry.alias) ?? null;
    if (complete && entry.from !== from) report(`says that ${entry.alias} pointed to ${entry.from}, but it pointed to ${from}`);
    if (entry.action !== 'none') pointed.set(entry.alias, entry.version);
  }
  return issues;
}

async function readVersionDigests(store: Store, model: string, entries: readonly (LedgerEntry | undefined)[]): Promise<ReadonlyMap<number, Digest>> {
  const versions = [...new Set(entries.flatMap((entry) => (entry === undefined ? [] : [entry.version])))];
  const texts = await mapBounded(versions, 16, (version) => store.readRecord(versionKey(model, version)));
  return new Map(versions.flatMap((version, i) => (texts[i] === undefined ? [] : [[version, digestOf(texts[i])] as const])));
}
