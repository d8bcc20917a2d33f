import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../dsl/util/index.ts';
import { findEarlierJudgements, formatJudgements, openRegistry, parseJudgements } from '../../registry/index.ts';
import { openDirectoryStore, putArtifact, type Store } from '../../store/index.ts';
import { writeFile } from 'node:fs/promises';

describe('earlier judgements', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-judgements-'));
    store = await openDirectoryStore(join(folder, 'store'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const verdict = async (to: string, candidates: number, mark = ''): Promise<Digest> =>
    (await store.putObject(new TextEncoder().encode(JSON.stringify({ judged: { to }, candidates: Array(candidates).fill({}), mark })))).digest;
  const promoted = async (evidence: Digest, version: number, expected?: number): Promise<void> => {
    const path = join(folder, `model-${version}`);
    await writeFile(path, String(version));
    const registry = openRegistry(store);
    await registry.registerVersion('m', { artifact: await putArtifact(store, path) });
    await registry.promote('m', { version, alias: 'production', expected, decision: 'promote', reason: 'better', evidence });
  };

  it('are none for a model that nobody has judged', async () => {
    expect(await findEarlierJudgements(store, 'm')).toEqual([]);
    expect([formatJudgements([]), parseJudgements('')]).toEqual(['', []]);
  });

  it('are those of the ledger and of tracked runs, each once, by the last judged day', async () => {
    const [first, second, third] = [await verdict('2020-04-16', 5), await verdict('2019-11-29', 2), await verdict('2020-04-16', 3, 'kept')];
    await promoted(first, 1);
    await promoted(second, 2, 1);
    const found = await findEarlierJudgements(store, 'm', [third, first, third]);
    expect(found).toEqual([{ until: '2019-11-29', judgements: 1, models: 2 }, { until: '2020-04-16', judgements: 2, models: 8 }]);
    expect(formatJudgements(found)).toBe('2019-11-29:1:2,2020-04-16:2:8');
    expect(parseJudgements(formatJudgements(found))).toEqual(found);
    expect(await findEarlierJudgements(store, 'another')).toEqual([]);
  });

  it('count as on any day when their evidence is gone or is no verdict', async () => {
    const gone = `sha256:${'0'.repeat(64)}` as Digest;
    const { digest: other } = await store.putObject(new TextEncoder().encode('no verdict'));
    expect(await findEarlierJudgements(store, 'm', [gone, other])).toEqual([{ until: '9999-12-31', judgements: 2, models: 2 }]);
  });
});
