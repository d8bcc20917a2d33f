import { PipewrightError } from '../dsl/errors/index.ts';
import { deepFreeze } from '../dsl/util/index.ts';
import { mapBounded, type Store } from '../store/index.ts';
import { formatEntry, parseEntry, sealEntry, type LedgerEntry } from './entry.ts';
import { ledgerKey, ledgerPrefix, numberOf, unreadable } from './records.ts';

const CONCURRENCY = 16;

/** What a caller adds to the ledger; the rest follows from the entry before. */
export type NewEntry = Omit<LedgerEntry, 'digest' | 'previous' | 'sequence' | 'model'>;

/**
 * The ledger of one model. Entries never change, so what was read once is kept, and reading again costs one listing and
 * the new entries only.
 */
export class Ledger {
  readonly #store: Store;
  readonly #model: string;
  #entries: readonly LedgerEntry[] = [];

  constructor(store: Store, model: string) {
    this.#store = store;
    this.#model = model;
  }

  /** All entries, each checked against its own digest and the one before. PW404 if one is missing or was changed. */
  async read(): Promise<readonly LedgerEntry[]> {
    const known = this.#entries;
    const keys = await this.#store.listRecords(ledgerPrefix(this.#model));
    const last = keys.length === 0 ? 0 : numberOf(keys.at(-1)!);
    const numbers = Array.from({ length: Math.max(0, last - known.length) }, (_, i) => known.length + 1 + i);
    const added = await mapBounded(numbers, CONCURRENCY, (sequence) => this.#readEntry(sequence));
    const all = [...known, ...added];
    for (const [i, entry] of added.entries()) {
      const before = all[known.length + i - 1];
      if (entry.previous !== (before?.digest ?? null)) {
        throw new PipewrightError(unreadable(ledgerKey(this.#model, entry.sequence), 'does not follow the entry before it'));
      }
    }
    if (all.length > this.#entries.length) this.#entries = deepFreeze(all);
    return all;
  }

  /** Adds the entry after those given, or answers undefined when another writer has added one. */
  async append(after: readonly LedgerEntry[], entry: NewEntry): Promise<LedgerEntry | undefined> {
    const last = after.at(-1);
    const sealed = deepFreeze(
      sealEntry({
        ...entry,
        model: this.#model,
        sequence: after.length + 1,
        previous: last?.digest ?? null,
        // Clocks of two machines differ; a ledger whose time runs backwards could not say what was when.
        at: last !== undefined && last.at > entry.at ? last.at : entry.at,
      }),
    );
    const added = await this.#store.createRecord(ledgerKey(this.#model, sealed.sequence), formatEntry(sealed));
    return added ? sealed : undefined;
  }

  async #readEntry(sequence: number): Promise<LedgerEntry> {
    const key = ledgerKey(this.#model, sequence);
    const text = await this.#store.readRecord(key);
    if (text === undefined) throw new PipewrightError(unreadable(key, 'is missing from the ledger'));
    return parseEntry(this.#model, sequence, text);
  }
}
