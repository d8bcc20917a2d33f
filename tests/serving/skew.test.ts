import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import { barAt, sliceBars, type Bars } from '../../model/bars.ts';
import { createFeatureStream, createOnlineFeatures, defaultFeatureSet, featureColumns, featureSetHash, requiredBars, type FeatureSet } from '../../model/features/index.ts';
import type { ServedModel } from '../../serving/models/served-model.ts';
import { openOnlineRows } from '../../serving/online/online-rows.ts';
import { writeDataset } from '../../steps/runtime/dataset.ts';
import type { Json } from '../../dsl/util/index.ts';
import { makeFolder } from './support/folders.ts';
import { makeModel, MODEL_NAME, SAMPLE_BARS } from './support/models.ts';
import { folderOrigin, start } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const NEEDED = requiredBars(defaultFeatureSet);
const INFER = `/v2/models/${MODEL_NAME}/infer`;
const PREDICT = `/v1/models/${MODEL_NAME}:predict`;
const KEY = '^GSPC';

const objectsOf = (bars: Bars) => bars.date.map((_, row) => barAt(bars, row));
const windowTo = (row: number, length = NEEDED): Bars => sliceBars(SAMPLE_BARS, row + 1 - length, row + 1);
const predict = (bars: Bars) => ({ instances: [{ bars: objectsOf(bars) }] });
const infer = (bars: Bars) => ({
  inputs: [
    { name: 'bars', datatype: 'FP64', shape: [bars.date.length, 5], data: objectsOf(bars).map(({ open, high, low, close, volume }) => [open, high, low, close, volume]) },
    { name: 'date', datatype: 'BYTES', shape: [bars.date.length], data: bars.date },
  ],
});
const askKey = (...keys: string[]) => ({ inputs: [{ name: 'key', datatype: 'BYTES', shape: [keys.length], data: keys }] });

/** The snapshot of the sample, as featurize writes it, up to a bar. */
function snapshot(to: number, set: FeatureSet = defaultFeatureSet) {
  const stream = createFeatureStream(set);
  let values: Float64Array | undefined;
  for (let row = 0; row <= to; row++) values = stream.update(barAt(SAMPLE_BARS, row));
  return createOnlineFeatures(set, { [KEY]: { date: SAMPLE_BARS.date[to]!, values: [...values!], stream: stream.state() } });
}

let folder: string;
let prices: string;
const model = makeModel();
beforeAll(async () => {
  folder = await makeFolder('skew');
  prices = join(folder, 'prices.arrow');
  await writeDataset(prices, { ...SAMPLE_BARS, symbol: SAMPLE_BARS.date.map(() => KEY) });
});
afterEach(() => vi.restoreAllMocks());

/** The verb, called as a person does. */
async function skew(log: string, dataset = prices): Promise<{ code: number; text: string }> {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation((chunk) => ((text += String(chunk)), true));
  const code = await main(['skew', log, '--prices', dataset]);
  vi.restoreAllMocks();
  return { code, text };
}

describe('a server with online features and a log of what it served', () => {
  it('answers by key, tells the day, and what it served is equal to the offline path', async () => {
    const [log, online] = [join(folder, 'good.ndjson'), join(folder, 'online.json')];
    await writeFile(online, JSON.stringify(snapshot(390)));
    const server = await start(folderOrigin(await writeModel(model)), { onlineFeatures: { path: online, maximumAgeDays: Infinity }, featureLog: { path: log, limit: 1e6 } });
    try {
      const byBars = await server.post(PREDICT, predict(windowTo(390, 391)));
      const byKey = await server.post(INFER, askKey(KEY, KEY));
      expect(byKey.json).toMatchObject({ parameters: { feature_dates: `${SAMPLE_BARS.date[390]},${SAMPLE_BARS.date[390]}` }, outputs: [{ name: 'probability', shape: [2], data: [model.predict(snapshot(390).rows[KEY]!.values), expect.any(Number)] }, {}] });
      expect((byKey.json['outputs'] as { data: number[] }[])[0]!.data[0]).toBeCloseTo((byBars.json['predictions'] as { probability: number }[])[0]!.probability, 6);
      await server.post(INFER, infer(windowTo(399)));

      // A newer snapshot is taken at the next look; a broken one is not, and the one before it goes on answering.
      await writeFile(online, JSON.stringify(snapshot(399)));
      await server.refresh();
      expect((await server.post(INFER, askKey(KEY))).json).toMatchObject({ parameters: { feature_dates: SAMPLE_BARS.date[399] } });
      await writeFile(online, '{"format":');
      await server.refresh();
      await server.refresh();
      expect((await server.post(INFER, askKey(KEY))).status).toBe(200);
      expect(server.events.filter(({ event }) => event === 'online-features-failed')).toHaveLength(1);

      expect((await server.post(INFER, askKey('^GSPX'))).json['error']).toContain('There are no online features of "^GSPX"; did you mean "^GSPC"?');
      expect((await server.post(INFER, { inputs: [...askKey(KEY).inputs, ...infer(windowTo(399)).inputs] })).status).toBe(400);
      expect((await server.get(`/v2/models/${MODEL_NAME}`)).json['inputs']).toContainEqual({ name: 'key', datatype: 'BYTES', shape: [-1] });
    } finally {
      await server.drain('the test is over');
    }
    const lines = (await readFile(log, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ kind, key }) => [kind, key])).toEqual([['features', undefined], ['row', undefined], ['row', KEY], ['row', KEY], ['row', undefined], ['row', KEY], ['row', KEY]]);
    expect(lines[1]).toMatchObject({ date: SAMPLE_BARS.date[390], hash: featureSetHash(defaultFeatureSet), window: { bars: NEEDED }, model: MODEL_NAME, version: '1' });
    const { code, text } = await skew(log);
    expect(text).toMatch(/^6 served rows, held against 400 bars from 2001-01-01 to [\d-]+:\n +6 {2}equal to the offline path\n$/);
    expect(code).toBe(0);

    // The same log against data that were told otherwise later.
    const restated = join(folder, 'restated.arrow');
    await writeDataset(restated, { ...SAMPLE_BARS, close: SAMPLE_BARS.close.map((close, row) => (row === 389 ? close * 1.01 : close)) });
    const other = await skew(log, restated);
    expect(other.code).toBe(1);
    expect(other.text).toMatch(/ 4 {2}SKEWED.*\n +2 {2}OTHER BARS/);
    expect(other.text).toContain('PW605');
  });

  it('catches a server whose feature code was changed without a new version of it', async () => {
    const log = join(folder, 'changed.ndjson');
    const program = join(folder, 'changed.mjs');
    // One kernel is a hundred-millionth off: hash and golden predictions are as they were.
    const changeKernel = { name: 'change', setup: (at: import('esbuild').PluginBuild) => at.onLoad({ filter: /relative-strength-index\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const changed = source.replace('(100 * gain) / total', '(100 * gain) / (total * 1.00000001)');
      if (changed === source) throw new Error('The kernel has another form now: change this test with it.');
      return { contents: changed, loader: 'ts' };
    }) };
    await build({ entryPoints: [join(import.meta.dirname, '../../serving/main.ts')], outfile: program, bundle: true, format: 'esm', platform: 'node', target: 'node20', logLevel: 'silent', plugins: [changeKernel], banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" } });
    const child = spawn(process.execPath, [program, '--folder', await writeModel(model), '--port', '0', '--feature-log', log], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'close');
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const url = line.replace('Listening on ', '');
      await expect.poll(async () => (await fetch(`${url}/v2/health/ready`)).status, { timeout: 20_000 }).toBe(200);
      const answer = await fetch(`${url}${PREDICT}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(predict(windowTo(395))) });
      expect(answer.status).toBe(200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await exit).toEqual([0, null]);
    const { code, text } = await skew(log);
    expect(code).toBe(1);
    expect(text).toMatch(/PW605\n +1 of 1 served feature rows are not those of the offline path\. \S+, answered by stock-direction version \w+ at \S+: rsi_14 was served as [\d.]+ and is [\d.]+ offline\./);
  });

  it('says when there is nothing to compare, and what cannot be read', async () => {
    const log = join(folder, 'few.ndjson');
    const features = JSON.stringify({ kind: 'features', hash: featureSetHash(defaultFeatureSet), definition: defaultFeatureSet });
    const row = { kind: 'row', time: 't', model: 'm', version: '1', hash: featureSetHash(defaultFeatureSet), date: '1999-01-04', values: [] };
    await writeFile(log, `${features}\n${JSON.stringify(row)}\n${JSON.stringify({ ...row, key: 'other' })}\n`);
    expect(await skew(log)).toMatchObject({ code: 1, text: expect.stringContaining('None of 2 served feature rows could be compared') });
    await writeFile(log, JSON.stringify(row));
    expect((await skew(log)).text).toContain('Line 1 of ');
    const damaged = [JSON.stringify({ ...JSON.parse(features), definition: { features: [null] } }), JSON.stringify({ kind: 'features', hash: 'x', definition: { features: [{ kind: 'momentum' }] } }), JSON.stringify({ ...row, window: { bars: 'many' } }), JSON.stringify({ ...row, window: null }), 'null', '', 'notes'];
    for (const line of damaged) {
      await writeFile(log, `${features}\n${line}\n`);
      expect((await skew(log)).text).toMatch(/PW502\n +Line 2 of /);
    }
    const old = { ...JSON.parse(features), hash: `sha256:${'0'.repeat(64)}` };
    await writeFile(log, `${JSON.stringify(old)}\n${JSON.stringify({ ...row, hash: old.hash })}\n`);
    expect((await skew(log)).text).toContain('1  OTHER RELEASE');
    for (const [path, dataset] of [[join(folder, 'none'), prices], [folder, prices], [log, folder]] as const) expect(await skew(path, dataset)).toMatchObject({ code: 2, text: expect.stringContaining('PW901') });
  });
});

describe('a server', () => {
  it('stops writing at the limit, says so once, and goes on answering', async () => {
    const log = join(folder, 'full.ndjson');
    const server = await start(folderOrigin(await writeModel(model)), { featureLog: { path: log, limit: 3000 } });
    for (let ask = 0; ask < 5; ask++) expect((await server.post(PREDICT, predict(windowTo(399)))).status).toBe(200);
    await server.drain('the test is over');
    const text = await readFile(log, 'utf8');
    expect(text.length).toBeLessThanOrEqual(3000);
    expect(text.endsWith('}\n')).toBe(true);
    expect(server.events.filter(({ event }) => event === 'feature-log-ended')).toHaveLength(1);
  });

  it('begins a line of its own behind one that was cut off, which skew leaves out and tells', async () => {
    const log = join(folder, 'cut.ndjson');
    const origin = folderOrigin(await writeModel(model));
    const serveOne = async (): Promise<void> => {
      const server = await start(origin, { featureLog: { path: log, limit: 1e6 } });
      await server.post(PREDICT, predict(windowTo(399)));
      await server.drain('the test is over');
    };
    await serveOne();
    const whole = await readFile(log, 'utf8');
    expect(whole.match(/\n/g)).toHaveLength(2);
    await writeFile(log, `${whole}{"kind":"row","time":"2026-`);
    await serveOne();
    expect((await readFile(log, 'utf8')).split('\n')).toEqual([...whole.split('\n').slice(0, 2), '{"kind":"row","time":"2026-', expect.stringMatching(/^{"kind":"features",.*}$/), expect.stringMatching(/^{"kind":"row",.*}$/), '']);
    expect(await skew(log)).toEqual({ code: 0, text: expect.stringMatching(/^2 served rows.*\n +2 {2}equal to the offline path\nLine 3 of the log was cut off, as when a server is killed, and left out\.\n$/) });
    // As earlier releases went on: in the same line.
    await writeFile(log, `${whole}{"ki${whole}{"kind":"features","hash":"sha256:00${whole}{"kind"`);
    expect(await skew(log)).toEqual({ code: 0, text: expect.stringMatching(/ 3 {2}equal to the offline path\nLines 3, 5 and 7 of the log were cut off/) });
  });

  it('does not begin with files that it cannot use', async () => {
    const origin = folderOrigin(await writeModel(model));
    await expect(start(origin, { onlineFeatures: { path: join(folder, 'none.json'), maximumAgeDays: 7 } })).rejects.toThrow(/^PW601: The online features in .*none\.json cannot be used/);
    await expect(start(origin, { featureLog: { path: join(folder, 'no/such/folder.ndjson'), limit: 1e6 } })).rejects.toThrow(/^PW601: The log of served features cannot be written/);
  });

  it('answers for the keys of several files, of which no two may have the same', async () => {
    const [one, other] = [join(folder, 'one.json'), join(folder, 'two.json')];
    await writeFile(one, JSON.stringify(snapshot(390)));
    const { rows, ...rest } = snapshot(395);
    await writeFile(other, JSON.stringify({ ...rest, rows: { '^DJI': rows[KEY] } }));
    const server = await start(folderOrigin(await writeModel(model)), { onlineFeatures: { path: `${one}, ${other}`, maximumAgeDays: Infinity } });
    expect((await server.post(INFER, askKey('^DJI', KEY))).json).toMatchObject({ parameters: { feature_dates: `${SAMPLE_BARS.date[395]},${SAMPLE_BARS.date[390]}` } });
    await server.drain('the test is over');
    await expect(openOnlineRows(`${one},${one}`)).rejects.toThrow(/^PW601: .*Two documents have a row of "\^GSPC"\./);
    await writeFile(other, JSON.stringify(snapshot(390, { features: defaultFeatureSet.features.slice(1) })));
    await expect(openOnlineRows(`${one},${other}`)).rejects.toThrow(/^PW601: .*rows of different features/);
  });

  it('uses no row that is stale', async () => {
    const online = join(folder, 'stale.json');
    const { rows, ...rest } = snapshot(390);
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
    await writeFile(online, JSON.stringify({ ...rest, rows: { new: { ...rows[KEY]!, date: daysAgo(2) }, old: { ...rows[KEY]!, date: daysAgo(4) } } }));
    const rowsOfThreeDays = await openOnlineRows(online, 3);
    const served = { featureSetHash: rest.hash } as ServedModel;
    expect(rowsOfThreeDays.rowOf(served, 'new').date).toBe(daysAgo(2));
    expect(() => rowsOfThreeDays.rowOf(served, 'old')).toThrow(`The online features of "old" are of ${daysAgo(4)}, 4 days ago; from 3 on they are stale.`);
  });

  it('uses no online features of another set, and none without being given any', async () => {
    const online = join(folder, 'other.json');
    await writeFile(online, JSON.stringify(snapshot(390, { features: defaultFeatureSet.features.slice(1) })));
    const server = await start(folderOrigin(await writeModel(model)), { onlineFeatures: { path: online, maximumAgeDays: Infinity } });
    expect(await server.post(INFER, askKey(KEY))).toMatchObject({ status: 503, json: { error: expect.stringContaining('The online features are not those of model "stock-direction" version 1') } });
    await server.drain('the test is over');
    const plain = await start(folderOrigin(await writeModel(model)));
    expect(await plain.post(INFER, askKey(KEY))).toMatchObject({ status: 400, json: { error: expect.stringContaining('This server has no online features') } });
    await plain.drain('the test is over');
  });

  it('serves a model that joins another series by its rows, and says why not by bars', async () => {
    const joined: FeatureSet = { ...defaultFeatureSet, joined: { name: 'vix', features: [{ kind: 'log-return', parameters: { days: 1 } }], maximumAgeDays: 7 } };
    const names = featureColumns(joined);
    // A model of as many columns, told that its last one is of the other series.
    const wide = makeModel({
      featureSet: { features: [...defaultFeatureSet.features, { kind: 'log-return', parameters: { days: 3 } }] },
      change: (document) => ({ ...document, normalisation: { ...document.normalisation, names }, featureSet: { definition: joined as unknown as Json, names, hash: featureSetHash(joined) } }),
    });
    const online = join(folder, 'joined.json');
    const values = [...wide.rows.values.subarray(0, names.length)];
    await writeFile(online, JSON.stringify(createOnlineFeatures(joined, { [KEY]: { date: '2002-01-01', values } })));
    const server = await start(folderOrigin(await writeModel(wide)), { onlineFeatures: { path: online, maximumAgeDays: Infinity } });
    expect((await server.post(INFER, askKey(KEY))).json).toMatchObject({ outputs: [{ data: [wide.predict(values)] }, {}] });
    expect(await server.post(PREDICT, predict(windowTo(399)))).toMatchObject({ status: 400, json: { error: expect.stringContaining('joins features of the series "vix"') } });
    await server.drain('the test is over');
  });
});
