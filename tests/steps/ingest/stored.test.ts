import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf, type Digest } from '../../../dsl/util/index.ts';
import ingest from '../../../steps/ingest/run.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import validate from '../../../steps/validate/run.ts';
import { openDirectoryStore, putArtifact } from '../../../store/index.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { sliceBars } from '../../../model/bars.ts';
import { createRig, readJson, writeCsv, type Rig } from '../rig.ts';

const ABSENT = `sha256:${'0'.repeat(64)}`;

describe('a dataset of the store', () => {
  let rig: Rig;
  let environment: { PIPEWRIGHT_STORE: string };
  let half: Digest;
  let halfPath: string;
  beforeAll(async () => {
    rig = await createRig();
    environment = { PIPEWRIGHT_STORE: join(rig.folder, 'store') };
    const store = await openDirectoryStore(environment.PIPEWRIGHT_STORE);
    const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source: await writeCsv(rig, sliceBars(sp500(), 0, 800)), symbol: 'SPX' } });
    halfPath = outputs.prices;
    half = (await putArtifact(store, halfPath)).digest;
  });
  afterAll(() => rig.remove());
  const read = async (parameters: object) => runInline(ingest, { folder: await rig.make(), parameters, environment });

  it('is a source: the same bytes come out', async () => {
    const { outputs, results } = await read({ source: `dataset:${half}` });
    expect(digestOf(await readFile(outputs.prices))).toBe(half);
    expect(results).toMatchObject({ rows: 800, asOf: '' });
    expect(await readJson(outputs.manifest)).toMatchObject({ source: `dataset:${half}`, digest: half, dataset: half, symbol: 'SPX' });
  });

  it('is what an update continues', async () => {
    const source = await writeCsv(rig, sliceBars(sp500(), 0, 810));
    const { outputs } = await read({ source, symbol: 'SPX', previousDigest: half });
    expect(await readJson(outputs.manifest)).toMatchObject({ parent: half, rows: 810, update: { added: 10, restated: { rows: 0 } } });
    const byPath = await runInline(ingest, { folder: await rig.make(), parameters: { source, symbol: 'SPX' }, inputs: { previous: halfPath } });
    expect(await readFile(byPath.outputs.prices)).toEqual(await readFile(outputs.prices));
  });

  it('is what validation compares with', async () => {
    const restated = sliceBars(sp500(), 0, 810);
    restated.close[100] = restated.close[100]! * 1.001;
    const { outputs } = await read({ source: await writeCsv(rig, restated), symbol: 'SPX' });
    const checked = await runInline(validate, { folder: await rig.make(), inputs: { prices: outputs.prices }, parameters: { previousDigest: half, referenceDigest: half }, environment });
    const { rules } = (await readJson(checked.outputs.findings)) as { rules: { id: string; status: string }[] };
    expect(Object.fromEntries(rules.map(({ id, status }) => [id, status]))).toMatchObject({ restated: 'broken', 'row-count': 'passed', drift: 'passed' });
  });

  it.each([
    [{ source: `dataset:${ABSENT}` }, 'PW402'],
    [{ source: 'dataset:latest' }, 'PW501: The source "dataset:latest" names no dataset.'],
    [{ previousDigest: ABSENT }, 'PW402'],
  ])('is refused: %j', async (parameters, message) => {
    await expect(read(parameters)).rejects.toThrow(message);
  });

  it.each([
    [{ adjusted: true }, 'PW501: A dataset of the store is taken as it is, and adjusted is given.'],
    [{ symbol: 'DAX' }, 'is of SPX, not "DAX"'],
    [{ digest: ABSENT }, 'is not the file that is expected'],
    [{ from: '2030-01-01' }, 'has no bars from 2030-01-01 on'],
  ])('is refused with %j', async (parameters, message) => {
    await expect(read({ source: `dataset:${half}`, ...parameters })).rejects.toThrow(message);
  });

  it('is not named twice, and is bars', async () => {
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { previousDigest: half }, inputs: { previous: halfPath }, environment })).rejects.toThrow('PW501: There is an earlier dataset in the parameter "previousDigest" and in the input "previous".');
    await expect(runInline(validate, { folder: await rig.make(), parameters: { referenceDigest: half }, inputs: { prices: halfPath, reference: halfPath }, environment })).rejects.toThrow('PW501: There is a dataset in the parameter "referenceDigest" and in the input "reference".');
    const path = join(await rig.make(), 'x');
    await writeFile(path, 'no dataset');
    const { digest } = await putArtifact(await openDirectoryStore(environment.PIPEWRIGHT_STORE), path);
    await expect(read({ source: `dataset:${digest}` })).rejects.toThrow(/^PW502: .+ is not a dataset/);
  });
});
