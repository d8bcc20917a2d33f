import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundleProgram } from '../store/children.ts';
import { MODEL, openFixture, type Fixture } from './fixture.ts';

const promoters = await bundleProgram(new URL('promoting-child.ts', import.meta.url));
const registrars = await bundleProgram(new URL('registering-child.ts', import.meta.url));
afterAll(() => Promise.all([promoters.remove(), registrars.remove()]));

let f: Fixture;
beforeEach(async () => void (f = await openFixture()));
afterEach(() => f.remove());

type Answer = { readonly version: number; readonly sequence: number; readonly code?: undefined } | { readonly code: string; readonly message: string };

describe('processes that share a registry', () => {
  it('race to promote: exactly one wins each round, the others are told who did', async () => {
    const racers = 4;
    for (let i = 0; i < 2 * racers; i++) await f.register();
    const children = await Promise.all(
      Array.from({ length: racers }, async (_, i) => {
        const child = promoters.start(f.root, `racer-${i}`);
        await child.next();
        return child;
      }),
    );
    let champion: number | undefined;
    for (let round = 0; round < 30; round++) {
      const answers = await Promise.all(children.map((child, i) => child.ask<Answer>({ round, version: (round % 2) * racers + i + 1, expected: champion })));
      const won = answers.flatMap((answer) => (answer.code === undefined ? [answer] : []));
      expect(won).toHaveLength(1);
      expect(won[0]!.sequence).toBe(round + 1);
      champion = won[0]!.version;
      for (const answer of answers) {
        if (answer.code === undefined) continue;
        expect(answer.code).toBe('PW411');
        expect(answer.message).toContain(`points to version ${champion}`);
        expect(answer.message).toMatch(/by the run racer-[0-3]/);
      }
    }
    const verification = await f.registry.verifyLedger(MODEL);
    expect(verification).toMatchObject({ entries: 30, issues: [] });
    expect(await f.registry.resolveAlias(MODEL, 'production')).toBe(champion);
    await Promise.all(children.map((child) => child.kill()));
  });

  it('are killed between registering and promoting, or anywhere else: nothing is wrong, and a retry goes on', async () => {
    for (let kill = 0; kill < 20; kill++) {
      const child = registrars.start(f.root, `life-${kill}`);
      await child.next();
      // The first report comes between the two steps.
      await child.next();
      if (kill % 2 === 1) await wait(Math.random() * 30);
      await child.kill();

      const registry = await f.again();
      const versions = await registry.listVersions(MODEL);
      expect(versions).toEqual(versions.map((_, i) => i + 1));
      const ledger = await registry.ledger(MODEL);
      for (const [i, entry] of ledger.entries()) expect(entry.from).toBe(ledger[i - 1]?.version ?? null);
    }
    const registry = await f.again();
    expect((await registry.verifyLedger(MODEL)).issues).toEqual([]);
    const promoted = new Set((await registry.ledger(MODEL)).map((entry) => entry.version));
    const orphan = (await registry.listVersions(MODEL)).find((version) => !promoted.has(version));
    // Else no kill met the moment between the two steps, and the test shows nothing.
    expect(orphan).toBeDefined();

    const { artifact } = await registry.readVersion(MODEL, orphan!);
    expect((await registry.registerVersion(MODEL, { artifact })).version).toBe(orphan);
    const expected = (await registry.aliases(MODEL))[0]?.version;
    await registry.promote(MODEL, { version: orphan!, expected, alias: 'production', decision: 'promote', reason: 'the retry' });
    expect(await registry.resolveAlias(MODEL, 'production')).toBe(orphan);
  });
});
