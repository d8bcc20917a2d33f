import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { failure } from '../store/behaviour.ts';
import { MODEL, openFixture, type Fixture } from './fixture.ts';

let f: Fixture;
beforeEach(async () => void (f = await openFixture()));
afterEach(() => f.remove());

describe('registering', () => {
  it('gives numbers from 1 and keeps what was given', async () => {
    const artifact = { type: 'directory', ...(await f.store.putObject('{"files":[]}')), files: 0 } as const;
    const card = (await f.store.putObject('a model card')).digest;
    const first = await f.registry.registerVersion(MODEL, { artifact, documents: { card }, metadata: { rate: 0.003 }, at: '2026-03-01T12:00:00+01:00' });
    expect(first).toEqual({ name: MODEL, version: 1, artifact, documents: { card }, metadata: { rate: 0.003 }, registeredAt: '2026-03-01T11:00:00.000Z' });
    expect(await f.register()).toBe(2);
    expect(await (await f.again()).readVersion(MODEL, 1)).toEqual(first);
    expect(await f.registry.listVersions(MODEL)).toEqual([1, 2]);
    expect(await f.registry.listModels()).toEqual([MODEL]);
  });

  it('knows a content again, by artifact, documents and metadata, whenever it comes', async () => {
    const artifact = { type: 'file', ...(await f.store.putObject('weights')) } as const;
    const card = (await f.store.putObject('card')).digest;
    const version = async (content: object): Promise<number> => (await f.registry.registerVersion(MODEL, { artifact, ...content })).version;
    expect(await version({ metadata: { a: 1, b: 2 }, at: '2026-01-01' })).toBe(1);
    expect(await version({ metadata: { b: 2, a: 1 }, at: '2026-02-02' })).toBe(1);
    expect(await version({ metadata: { a: 1, b: 3 } })).toBe(2);
    expect(await version({ metadata: { a: 1, b: 2 }, documents: { card } })).toBe(3);
    expect(await version({ metadata: { a: 1, b: 2 } })).toBe(1);
    expect((await f.registry.registerVersion('other-model', { artifact, metadata: { a: 1, b: 2 } })).version).toBe(1);
    expect(await f.registry.listModels()).toEqual(['other-model', MODEL]);
  });

  it('gives racing writers of one content one version, and of many contents a version each', async () => {
    const artifacts = await Promise.all([1, 2, 3].map(async (i) => ({ type: 'file', ...(await f.store.putObject(`weights ${i}`)) }) as const));
    const registries = await Promise.all([f.again(), f.again(), f.again(), f.again()]);
    const versions = await Promise.all(registries.flatMap((registry) => artifacts.map((artifact) => registry.registerVersion(MODEL, { artifact }))));
    expect(await f.registry.listVersions(MODEL)).toEqual([1, 2, 3]);
    for (const artifact of artifacts) {
      const same = versions.filter((version) => version.artifact.digest === artifact.digest);
      expect(new Set(same.map(({ version }) => version)).size).toBe(1);
    }
  });

  it('refuses what is not in the store, naming all of it', async () => {
    const error = await failure(f.registry.registerVersion(MODEL, { artifact: { type: 'file', digest: digestOf('absent'), size: 6 }, documents: { card: digestOf('none') } }));
    expect(error.issues.map((issue) => issue.code)).toEqual(['PW402', 'PW402']);
    expect(await f.registry.listModels()).toEqual([]);
  });

  it('refuses metadata that JSON cannot carry, before anything is written', async () => {
    const artifact = { type: 'file', ...(await f.store.putObject('weights')) } as const;
    const error = await failure(f.registry.registerVersion(MODEL, { artifact, metadata: { accuracy: Number.NaN } }));
    expect(error.code).toBe('PW413');
    expect(error.message).toContain('NaN');
    expect(await f.registry.listModels()).toEqual([]);
  });
});

describe('names', () => {
  it.each(['', 'Stock', 'stock_direction', '-a', 'a-', 'a/b', '../a', 'a.b', 'x'.repeat(64)])('refuses the model name %j', async (name) => {
    const artifact = { type: 'file', digest: 'sha256:' as Digest, size: 0 } as const;
    const promotion = { version: 1, alias: 'production', expected: undefined, decision: 'manual', reason: 'try' };
    for (const attempt of [
      () => f.registry.registerVersion(name, { artifact }),
      () => f.registry.listVersions(name),
      () => f.registry.readVersion(name, 1),
      () => f.registry.aliases(name),
      () => f.registry.resolveAlias(name, 'production'),
      () => f.registry.promote(name, promotion),
      () => f.registry.rollback(name, 'production', { reason: 'try' }),
      () => f.registry.recordDecision(name, promotion),
      () => f.registry.ledger(name),
      () => f.registry.verifyLedger(name),
    ]) {
      expect((await failure(attempt())).code).toBe('PW413');
    }
  });

  it('that do not exist are answered with the one that was meant', async () => {
    expect((await failure(f.registry.listVersions(MODEL))).issues[0]!.fix).toContain('Register a version first');
    await f.register();
    for (const attempt of [
      () => f.registry.listVersions('stok-direction'),
      () => f.registry.readVersion('stok-direction', 1),
      () => f.registry.aliases('stok-direction'),
      () => f.registry.ledger('stok-direction'),
      () => f.registry.verifyLedger('stok-direction'),
      () => f.registry.rollback('stok-direction', 'production', { reason: 'try' }),
    ]) {
      const error = await failure(attempt());
      expect(error.code).toBe('PW412');
      expect(error.message).toContain('Did you mean "stock-direction"?');
    }
  });

  it('of versions', async () => {
    await f.register();
    await f.register();
    const error = await failure(f.registry.readVersion(MODEL, 7));
    expect(error.code).toBe('PW412');
    expect(error.message).toContain('no version 7; its newest is 2');
    for (const wrong of [0, -1, 1.5, Number.NaN]) expect((await failure(f.registry.readVersion(MODEL, wrong))).code).toBe('PW413');
  });
});

describe('a damaged version', () => {
  it.each([['half a recor'], ['[]'], ['{"name":"stock-direction","version":2}']])('is told and not used: %s', async (text) => {
    await f.register();
    await f.store.writeRecord(`registry/${MODEL}/versions/00000001.json`, text);
    const error = await failure((await f.again()).readVersion(MODEL, 1));
    expect(error.code).toBe('PW404');
    expect(error.message).toContain('versions/00000001.json');
  });
});
