import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalJson, digestOfJson } from '../../dsl/util/index.ts';
import type { LedgerEntry } from '../../registry/index.ts';
import { failure } from '../store/behaviour.ts';
import { MODEL, openFixture, type Fixture } from './fixture.ts';

let f: Fixture;
beforeEach(async () => {
  f = await openFixture();
  for (let version = 1; version <= 5; version++) {
    await f.register();
    await f.registry.promote(MODEL, { version, expected: version === 1 ? undefined : version - 1, alias: 'production', decision: 'promote', reason: `number ${version}` });
  }
});
afterEach(() => f.remove());

const keyOf = (sequence: number): string => `registry/${MODEL}/ledger/0000000${sequence}.json`;
const read = async (sequence: number): Promise<LedgerEntry> => JSON.parse((await f.store.readRecord(keyOf(sequence)))!) as LedgerEntry;

/** Writes a changed entry, with its own digest made right again if a careful forger did it. */
async function forge(sequence: number, change: Partial<LedgerEntry>, careful: boolean): Promise<void> {
  const { digest, ...entry } = { ...(await read(sequence)), ...change };
  await f.store.writeRecord(keyOf(sequence), canonicalJson({ ...entry, digest: careful ? digestOfJson(entry) : digest }));
}

async function findings(): Promise<string[]> {
  return (await f.registry.verifyLedger(MODEL)).issues.map((issue) => issue.message);
}

describe('verifying a ledger', () => {
  it('finds a sound one sound and gives its head', async () => {
    expect(await f.registry.verifyLedger(MODEL)).toEqual({ entries: 5, head: { sequence: 5, digest: (await read(5)).digest }, issues: [] });
  });

  it('finds an entry that was changed, and refuses to work with it', async () => {
    await forge(3, { reason: 'a better reason' }, false);
    expect(await findings()).toEqual([expect.stringContaining('00000003.json" was changed after it was written')]);
    const error = await failure((await f.again()).resolveAlias(MODEL, 'production'));
    expect(error.code).toBe('PW404');
    expect(error.message).toContain('00000003.json');
  });

  it('finds one whose digest was made right again', async () => {
    await forge(3, { reason: 'a better reason' }, true);
    expect(await findings()).toEqual([expect.stringContaining('00000004.json" does not follow the entry before it')]);
    expect((await failure((await f.again()).ledger(MODEL))).message).toContain('00000004.json');
  });

  it('finds all changes at once', async () => {
    await forge(2, { reason: 'x' }, false);
    await forge(4, { reason: 'y' }, false);
    expect(await findings()).toHaveLength(2);
  });

  it('finds an entry that was taken out', async () => {
    await f.store.deleteRecord(keyOf(2));
    expect(await findings()).toEqual([expect.stringContaining('00000002.json" is missing')]);
    expect((await failure((await f.again()).aliases(MODEL))).message).toContain('00000002.json');
  });

  it('finds entries that were exchanged or are not entries', async () => {
    const [second, third] = [await f.store.readRecord(keyOf(2)), await f.store.readRecord(keyOf(3))];
    await f.store.writeRecord(keyOf(2), third!);
    await f.store.writeRecord(keyOf(3), second!);
    expect(await findings()).toHaveLength(2);
    const stub = { model: MODEL, sequence: 3 };
    await f.store.writeRecord(keyOf(2), 'not JSON');
    await f.store.writeRecord(keyOf(3), canonicalJson({ ...stub, digest: digestOfJson(stub) }));
    expect(await findings()).toEqual([expect.stringContaining('is not a JSON object'), expect.stringContaining('is not entry 3 of the ledger')]);
  });

  it('finds a version that was exchanged under its number', async () => {
    const key = `registry/${MODEL}/versions/00000004.json`;
    const version = JSON.parse((await f.store.readRecord(key))!) as object;
    await f.store.writeRecord(key, canonicalJson({ ...version, metadata: { accuracy: 0.99 } }));
    expect(await findings()).toEqual([expect.stringContaining('versions/00000004.json" is not the one that entry 4')]);
    await f.store.deleteRecord(key);
    expect(await findings()).toHaveLength(1);
  });

  it('finds a last entry that lies about where the alias pointed or when', async () => {
    await forge(5, { from: 1 }, true);
    expect(await findings()).toEqual([expect.stringContaining('says that production pointed to 1, but it pointed to 4')]);
    await forge(5, { from: 4, at: '2001-01-01T00:00:00.000Z' }, true);
    expect(await findings()).toEqual([expect.stringContaining('is older than the entry before it')]);
  });

  it('finds a rewritten or shortened end only by a head that was noted elsewhere', async () => {
    const { head } = await f.registry.verifyLedger(MODEL);
    await forge(5, { reason: 'another' }, true);
    expect(await findings()).toEqual([]);
    const told = async (): Promise<number> => (await f.registry.verifyLedger(MODEL, head)).issues.length;
    expect(await told()).toBe(1);
    await f.store.deleteRecord(keyOf(5));
    expect(await findings()).toEqual([]);
    expect(await told()).toBe(1);
  });
});
