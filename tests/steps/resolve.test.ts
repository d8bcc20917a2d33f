import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type Registry } from '../../registry/index.ts';
import { resolveSince } from '../../steps/deploy/resolve-since.ts';
import { isAlias, resolveChampion } from '../../steps/evaluate/resolve-champion.ts';
import { openDirectoryStore, type Store } from '../../store/index.ts';

let folder: string;
let store: Store;
let registry: Registry;
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  store = await openDirectoryStore(folder);
  registry = openRegistry(store);
});
afterEach(() => rm(folder, { recursive: true }));

const register = async (content: string): Promise<{ version: number; digest: string }> => {
  const object = await store.putObject(content);
  const { version } = await registry.registerVersion('m', { artifact: { type: 'file', ...object } });
  return { version, digest: object.digest };
};
const promote = (version: number, expected: number | undefined, run?: string) =>
  registry.promote('m', { version, alias: 'production', expected, decision: 'promote', reason: 'the test says so', ...(run === undefined ? {} : { run }) });

describe('the champion, in a pod', () => {
  const resolve = async (champion: string, name = 'm'): Promise<string> => (await resolveChampion({ parameters: { champion, name, seed: 1 }, environment: { PIPEWRIGHT_STORE: folder }, log })).champion;

  it('is what the alias points to now', async () => {
    const [one, two] = [await register('one'), await register('two')];
    await promote(1, undefined);
    expect(await resolve('production')).toBe(one.digest);
    await promote(2, 1);
    expect(await resolve('production')).toBe(two.digest);
    expect(lines).toEqual(['The alias production of m points to version 1: that is the model to beat.', 'The alias production of m points to version 2: that is the model to beat.']);
  });

  it('is none where the alias points nowhere, or there is no such model', async () => {
    expect(await resolve('production')).toBe('');
    await register('one');
    expect(await resolve('production')).toBe('');
    expect(await resolve('shadow', 'other')).toBe('');
  });

  it('stays when it was looked up before, without asking the store', async () => {
    const parameters = { champion: `sha256:${'0'.repeat(64)}`, name: 'm' };
    expect(await resolveChampion({ parameters, environment: {}, log })).toBe(parameters);
    expect([isAlias(''), isAlias(parameters.champion), isAlias('production')]).toEqual([false, false, true]);
  });
});

describe('since when, in a pod', () => {
  const resolve = async (since = 'now'): Promise<string> => (await resolveSince({ parameters: { name: 'm', alias: 'production', since }, environment: { PIPEWRIGHT_STORE: folder }, log })).since;

  it('is the last move by hand or back, and not what runs did', async () => {
    expect(await resolve()).toBe('0');
    await register('one');
    await register('two');
    await promote(1, undefined, 'run-1');
    await promote(2, 1, 'run-2');
    expect(await resolve()).toBe('0');
    await registry.rollback('m', 'production', { reason: 'errors' });
    expect(await resolve()).toBe('3');
    expect(await resolve('0'), 'looked up before').toBe('0');
  });
});
