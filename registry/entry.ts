import { PipewrightError } from '../dsl/errors/index.ts';
import { digestOfJson, isDigest, type Digest } from '../dsl/util/index.ts';
import { formatRecord, ledgerKey, parseRecord, unreadable } from './records.ts';

/** What an entry does to its alias. `none` records a decision that moves nothing. */
export type LedgerAction = 'promote' | 'rollback' | 'none';

/** One line of a model's ledger: written once, never changed. */
export interface LedgerEntry {
  readonly model: string;
  /** 1, 2, 3, … without gaps. */
  readonly sequence: number;
  readonly action: LedgerAction;
  readonly alias: string;
  /** Where the alias points from here on; of `none`, the version that was judged. */
  readonly version: number;
  /** Where the alias pointed before; null: nowhere. */
  readonly from: number | null;
  /** The verdict of the gate or of a person, for example `promote`, `keep`, `inconclusive`, `manual`. */
  readonly decision: string;
  readonly reason: string;
  /** The report that the decision rests on. */
  readonly evidence: Digest | null;
  /** The questions before the decision and their answers; absent where nobody asked any. */
  readonly review?: Readonly<Record<string, string>>;
  /** The run that decided. */
  readonly run: string | null;
  /** Of a promotion whose requests are still to follow: it counts from the entry with `ROLLED_OUT` on (see fold.ts). Else absent. */
  readonly pending?: true;
  /** ISO 8601, UTC; never earlier than in the entry before. */
  readonly at: string;
  /** Of the version's record, so that a version cannot be exchanged under its number. */
  readonly versionDigest: Digest;
  /** The `digest` of the entry before; null in the first. */
  readonly previous: Digest | null;
  /** Of this entry without this member, as canonical JSON. */
  readonly digest: Digest;
}

export function sealEntry(entry: Omit<LedgerEntry, 'digest'>): LedgerEntry {
  return { ...entry, digest: digestOfJson(entry) };
}

export function formatEntry(entry: LedgerEntry): string {
  return formatRecord(entry);
}

/** Reads an entry and checks its own digest. PW404 when it is not what was written under that number. */
export function parseEntry(model: string, sequence: number, text: string): LedgerEntry {
  const key = ledgerKey(model, sequence);
  const { digest, ...rest } = parseRecord(key, text);
  if (digestOfJson(rest) !== digest) throw new PipewrightError(unreadable(key, 'was changed after it was written'));
  if (!isEntry(rest) || rest.model !== model || rest.sequence !== sequence) {
    throw new PipewrightError(unreadable(key, `is not entry ${sequence} of the ledger of ${model}`));
  }
  return { ...rest, digest: digest as Digest };
}

function isEntry(value: object): value is Omit<LedgerEntry, 'digest'> {
  const entry = value as Partial<Record<keyof LedgerEntry, unknown>>;
  const isDigestOrNull = (field: unknown): boolean => field === null || (typeof field === 'string' && isDigest(field));
  return (
    (entry.action === 'promote' || entry.action === 'rollback' || entry.action === 'none') &&
    [entry.alias, entry.decision, entry.reason, entry.at].every((field) => typeof field === 'string') &&
    Number.isSafeInteger(entry.version) &&
    (entry.from === null || Number.isSafeInteger(entry.from)) &&
    (entry.run === null || typeof entry.run === 'string') &&
    (entry.pending === undefined || entry.pending === true) &&
    (entry.review === undefined || isReview(entry.review)) &&
    isDigestOrNull(entry.evidence) &&
    isDigestOrNull(entry.previous) &&
    typeof entry.versionDigest === 'string' &&
    isDigest(entry.versionDigest)
  );
}

function isReview(review: unknown): boolean {
  return typeof review === 'object' && review !== null && !Array.isArray(review) && Object.values(review).every((answer) => typeof answer === 'string');
}
