import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../dsl/util/index.ts';
import { finishRollout, lastIntervention, ROLLOUT_FAILED, servedVersion, type LedgerEntry, type Promotion } from '../../registry/index.ts';
import { failure } from '../store/behaviour.ts';
import { MODEL, openFixture, type Fixture } from './fixture.ts';

let f: Fixture;
beforeEach(async () => {
  f = await openFixture();
  for (let i = 0; i < 5; i++) await f.register();
});
afterEach(() => f.remove());

const promote = (version: number, expected: number | undefined, more: Partial<Promotion> = {}): Promise<LedgerEntry> =>
  f.registry.promote(MODEL, { version, expected, alias: 'production', decision: 'promote', reason: 'better on the shared window', ...more });

describe('promoting', () => {
  it('moves the alias and says why', async () => {
    const evidence = digestOf('the report');
    const review = { data: 'yes', slices: 'yes' };
    const entry = await promote(2, undefined, { evidence, review, run: 'run-7', at: '2026-03-01T12:00:00Z' });
    expect(entry).toMatchObject({ model: MODEL, sequence: 1, action: 'promote', alias: 'production', version: 2, from: null, previous: null });
    expect(entry).toMatchObject({ evidence, review, run: 'run-7', at: '2026-03-01T12:00:00.000Z' });
    expect(await (await f.again()).resolveAlias(MODEL, 'production')).toBe(2);
    const next = await promote(3, 2);
    expect(next).toMatchObject({ sequence: 2, from: 2, previous: entry.digest, evidence: null, run: null });
    expect(await f.registry.ledger(MODEL)).toEqual([entry, next]);
    expect(await (await f.again()).ledger(MODEL)).toEqual([entry, next]);
  });

  it('keeps aliases apart', async () => {
    await promote(1, undefined);
    await promote(2, undefined, { alias: 'challenger' });
    await promote(3, 1);
    const aliases = await f.registry.aliases(MODEL);
    expect(aliases.map(({ alias, version }) => [alias, version])).toEqual([
      ['challenger', 2],
      ['production', 3],
    ]);
    expect(aliases[1]!.since).toBe(aliases[1]!.entry.at);
  });

  it('refuses when the alias has moved, naming who moved it', async () => {
    await promote(1, undefined);
    await promote(2, 1, { run: 'nightly-12', reason: 'fresher data' });
    const error = await failure(promote(3, 1));
    expect(error.code).toBe('PW411');
    expect(error.message).toContain('production of stock-direction points to version 2, not to version 1');
    expect(error.message).toContain('entry 2');
    expect(error.message).toContain('nightly-12');
    expect(error.message).toContain('fresher data');
    expect(error.issues[0]!.fix).toContain('expecting 2');
    expect((await failure(promote(3, undefined))).code).toBe('PW411');
    expect((await failure(promote(3, 4, { alias: 'challenger' }))).message).toContain('points to nothing yet, not to version 4');
    expect(await f.registry.ledger(MODEL)).toHaveLength(2);
  });

  it('sees what another process did since, without being opened again', async () => {
    await promote(1, undefined);
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(1);
    const other = await f.again();
    await other.promote(MODEL, { version: 2, expected: 1, alias: 'production', decision: 'promote', reason: 'elsewhere' });
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(2);
    expect((await failure(promote(3, 1))).code).toBe('PW411');
  });

  it('is done once by the same run, which is told when the alias has moved on since', async () => {
    await promote(1, undefined);
    const entry = await promote(2, 1, { run: 'run-9' });
    expect(await promote(2, 1, { run: 'run-9' })).toEqual(entry);
    expect(await f.registry.ledger(MODEL)).toHaveLength(2);
    await f.registry.rollback(MODEL, 'production', { reason: 'latency' });
    const error = await failure(promote(2, 1, { run: 'run-9' }));
    expect(error.code).toBe('PW411');
    expect(error.message).toContain('run-9 has promoted version 2');
    expect(error.message).toContain('entry 3 has moved production to version 1 since ("latency")');
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(1);
    expect((await promote(2, 1, { run: 'run-10' })).sequence).toBe(4);
  });

  it('adds nothing when the alias points there already', async () => {
    const entry = await promote(1, undefined);
    expect(await promote(1, 1)).toEqual(entry);
    expect(await f.registry.ledger(MODEL)).toHaveLength(1);
  });

  it('refuses versions, aliases, reasons and times that are not', async () => {
    expect((await failure(promote(9, undefined))).code).toBe('PW412');
    for (const alias of ['', 'Production', 'a/b', 'latest', '3', 'v3']) expect((await failure(promote(1, undefined, { alias }))).code).toBe('PW413');
    expect((await failure(promote(1, undefined, { reason: ' ' }))).code).toBe('PW413');
    expect((await failure(promote(1, undefined, { decision: '' }))).code).toBe('PW413');
    expect((await failure(promote(1, undefined, { at: 'yesterday' }))).message).toContain('yesterday');
    expect(await f.registry.ledger(MODEL)).toEqual([]);
  });
});

describe('an alias that does not exist', () => {
  it('is answered with the one that was meant', async () => {
    expect((await failure(f.registry.resolveAlias(MODEL, 'production'))).issues[0]!.fix).toContain('no alias of stock-direction points anywhere yet');
    await promote(1, undefined);
    const error = await failure(f.registry.resolveAlias(MODEL, 'prodution'));
    expect(error.code).toBe('PW412');
    expect(error.message).toContain('Did you mean "production"?');
  });
});

describe('rolling back', () => {
  it('leads back step by step, never to the version that was left', async () => {
    await promote(1, undefined);
    await promote(2, 1);
    await promote(3, 2);
    expect(await f.registry.rollback(MODEL, 'production', { reason: 'drift' })).toMatchObject({ action: 'rollback', version: 2, from: 3, decision: 'rollback' });
    expect(await f.registry.rollback(MODEL, 'production', { reason: 'still' })).toMatchObject({ version: 1, from: 2 });
    const error = await failure(f.registry.rollback(MODEL, 'production', { reason: 'more' }));
    expect(error.code).toBe('PW412');
    expect(error.message).toContain('no earlier version');
    await promote(4, 1);
    expect(await f.registry.rollback(MODEL, 'production', { reason: 'again' })).toMatchObject({ version: 1, from: 4 });
  });

  it('goes to a version that the alias has held, and to no other', async () => {
    for (const [version, expected] of [[1, undefined], [2, 1], [3, 2]] as const) await promote(version, expected);
    const never = await failure(f.registry.rollback(MODEL, 'production', { reason: 'try', to: 5 }));
    expect(never.code).toBe('PW412');
    expect(never.message).toContain('can go back to 2, 1');
    expect(await f.registry.rollback(MODEL, 'production', { reason: 'known good', to: 1 })).toMatchObject({ version: 1, from: 3 });
    expect((await failure(f.registry.rollback(MODEL, 'production', { reason: 'left', to: 2 }))).code).toBe('PW412');
  });

  it('refuses when another version than the bad one is there by now', async () => {
    await promote(1, undefined);
    await promote(2, 1);
    await promote(3, 2);
    const error = await failure(f.registry.rollback(MODEL, 'production', { reason: 'version 2 is bad', expected: 2 }));
    expect(error.code).toBe('PW411');
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(3);
    expect((await failure(f.registry.rollback(MODEL, 'staging', { reason: 'nothing there' }))).code).toBe('PW411');
  });

  it('is done once when two ask at the same time', async () => {
    for (const [version, expected] of [[1, undefined], [2, 1], [3, 2]] as const) await promote(version, expected);
    const registries = await Promise.all([f.again(), f.again()]);
    const outcomes = await Promise.allSettled(registries.map((registry) => registry.rollback(MODEL, 'production', { reason: 'bad', expected: 3 })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(2);
  });
});

describe('a decision that moves nothing', () => {
  it('is in the ledger with its evidence, once per run', async () => {
    await promote(1, undefined);
    const keep = { version: 2, alias: 'production', decision: 'inconclusive', reason: '60 days cannot tell', evidence: digestOf('report'), run: 'run-3' };
    const entry = await f.registry.recordDecision(MODEL, keep);
    expect(entry).toMatchObject({ sequence: 2, action: 'none', version: 2, from: 1, decision: 'inconclusive' });
    expect(await f.registry.recordDecision(MODEL, keep)).toEqual(entry);
    expect((await f.registry.recordDecision(MODEL, { ...keep, decision: 'keep' })).sequence).toBe(3);
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(1);
    expect((await failure(f.registry.rollback(MODEL, 'production', { reason: 'x' }))).code).toBe('PW412');
  });
});

describe('which version was production when?', () => {
  it('has an answer for every moment', async () => {
    await promote(1, undefined, { at: '2026-01-10T00:00:00Z' });
    await promote(2, 1, { at: '2026-02-10T00:00:00Z' });
    await f.registry.rollback(MODEL, 'production', { reason: 'bad', at: '2026-02-12T08:30:00Z' });
    const at = (time: string): Promise<number | undefined> => f.registry.aliasAt(MODEL, 'production', time);
    expect(await at('2026-01-09T23:59:59Z')).toBeUndefined();
    expect(await at('2026-01-10T00:00:00Z')).toBe(1);
    expect(await at('2026-02-11')).toBe(2);
    expect(await at('2026-02-12T09:30:00+02:00')).toBe(2);
    expect(await at('2026-02-12T08:30:00Z')).toBe(1);
    expect(await at('2027-01-01')).toBe(1);
    expect((await failure(at('soon'))).code).toBe('PW413');
  });

  it('has one also when clocks differ: time in the ledger never runs backwards', async () => {
    await promote(1, undefined, { at: '2026-01-10T00:00:00Z' });
    expect((await promote(2, 1, { at: '2026-01-09T00:00:00Z' })).at).toBe('2026-01-10T00:00:00.000Z');
    expect(await f.registry.aliasAt(MODEL, 'production', '2026-01-10')).toBe(2);
  });

  it('agrees with a plain history, whatever the moves', async () => {
    const move = fc.record({ alias: fc.constantFrom('production', 'shadow'), version: fc.integer({ min: 1, max: 5 }), back: fc.boolean() });
    const moves = fc.array(move, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        const g = await openFixture();
        for (let i = 0; i < 5; i++) await g.register();
        const held = new Map<string, number[]>();
        const history: Record<string, number | undefined>[] = [];
        for (const [day, { alias, version, back }] of list.entries()) {
          const stack = held.get(alias) ?? [];
          const at = new Date(Date.UTC(2026, 0, day + 1));
          if (back && stack.length > 1) {
            stack.pop();
            await g.registry.rollback(MODEL, alias, { reason: 'back', at });
          } else if (stack.at(-1) !== version) {
            await g.registry.promote(MODEL, { alias, version, expected: stack.at(-1), decision: 'promote', reason: 'on', at });
            stack.push(version);
          }
          held.set(alias, stack);
          history.push({ production: held.get('production')?.at(-1), shadow: held.get('shadow')?.at(-1) });
        }
        for (const [day, expected] of history.entries()) {
          for (const alias of ['production', 'shadow']) expect(await g.registry.aliasAt(MODEL, alias, new Date(Date.UTC(2026, 0, day + 1, 12)))).toBe(expected[alias]);
        }
        expect((await g.registry.verifyLedger(MODEL)).issues).toEqual([]);
        await g.remove();
      }),
      { numRuns: 12 },
    );
  });
});

describe('a run that takes its own promotion back', () => {
  it('may try again, and a run whose promotion another took back may not', async () => {
    await promote(1, undefined, { run: 'first' });
    await promote(2, 1, { run: 'second' });
    const back = await f.registry.rollback(MODEL, 'production', { expected: 2, to: 1, decision: ROLLOUT_FAILED, reason: 'no node took its pod', run: 'second' });
    expect(back).toMatchObject({ action: 'rollback', version: 1, from: 2 });
    expect(await promote(2, 1, { run: 'second' })).toMatchObject({ sequence: 4, version: 2, from: 1 });
    expect(await promote(2, 1, { run: 'second' }), 'asked once more').toMatchObject({ sequence: 4 });
    await f.registry.rollback(MODEL, 'production', { reason: 'errors since noon' });
    expect(await failure(promote(2, 1, { run: 'second' }))).toMatchObject({ code: 'PW411' });
  });
});

describe('the last intervention', () => {
  it('is the last move by hand or back of that alias, whatever runs did', async () => {
    const last = async (alias = 'production'): Promise<number> => lastIntervention(await f.registry.ledger(MODEL), alias);
    expect(await last()).toBe(0);
    await promote(1, undefined, { run: 'a' });
    await promote(2, 1, { run: 'b' });
    expect(await last()).toBe(0);
    await f.registry.rollback(MODEL, 'production', { reason: 'errors' });
    expect(await last()).toBe(3);
    await promote(3, 1, { run: 'c' });
    await f.registry.recordDecision(MODEL, { version: 4, alias: 'production', decision: 'keep', reason: 'no better' });
    expect(await last()).toBe(3);
    await promote(4, 3);
    expect(await last()).toBe(6);
    expect(await last('challenger')).toBe(0);
  });
});

describe('a promotion whose requests are to follow', () => {
  const served = async (alias = 'production'): Promise<number | undefined> => servedVersion(await f.registry.ledger(MODEL), alias);

  it('counts from the entry on that says they do; until then what was before serves', async () => {
    expect(await served()).toBeUndefined();
    await promote(1, undefined, { pending: true, run: 'a' });
    expect(await served()).toBeUndefined();
    await finishRollout(f.registry, MODEL, 'production', 1, 'a');
    await finishRollout(f.registry, MODEL, 'production', 1, 'a');
    expect(await served()).toBe(1);
    await promote(2, 1, { pending: true, run: 'b' });
    await promote(3, 2, { pending: true, run: 'c' });
    expect(await served(), 'two that were not finished, one above the other').toBe(1);
    await finishRollout(f.registry, MODEL, 'production', 2, 'b');
    expect(await served(), 'another version than the alias points to').toBe(1);
    await finishRollout(f.registry, MODEL, 'production', 3, 'c');
    expect(await served()).toBe(3);
    expect((await f.registry.ledger(MODEL)).map(({ decision, pending }) => [decision, pending])).toEqual([
      ['promote', true], ['rolled-out', undefined], ['promote', true], ['promote', true], ['rolled-out', undefined],
    ]);
  });

  it('is over with a move by hand, and of no concern to other aliases', async () => {
    await promote(1, undefined);
    await promote(2, 1, { pending: true });
    await promote(4, undefined, { alias: 'challenger' });
    expect([await served(), await served('challenger')]).toEqual([1, 4]);
    await f.registry.rollback(MODEL, 'production', { to: 1, reason: 'it was never served' });
    expect(await served()).toBe(1);
  });
});
