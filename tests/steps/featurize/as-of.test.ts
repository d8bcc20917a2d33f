import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barAt, sliceBars, type Bars } from '../../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, featureColumns, featureSetHash, joinedFeatures, readOnlineFeatures, requiredBars, updateOnlineFeatures, type FeatureSet, type OnlineFeatures } from '../../../model/features/index.ts';
import { forwardReturn } from '../../../model/labels/index.ts';
import featurize from '../../../steps/featurize/run.ts';
import { readDataset, writeDataset, type Dataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { randomWalk, rowOf } from '../../model/sample-bars.ts';
import { folderOrigin, start } from '../../serving/support/server.ts';
import { createRig, readJson, trainOn, type Rig } from '../rig.ts';

const WALK = randomWalk(700, 11);
const OTHER = randomWalk(700, 12);
const NEEDED = requiredBars(defaultFeatureSet);
const NAMES = featureColumns(defaultFeatureSet);
const instant = (date: string, minutes = 0): string => new Date(Date.parse(`${date}T21:00:00Z`) + minutes * 60_000).toISOString().replace('.000Z', 'Z');

describe('featurize, as of each decision', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  /** A dataset as ingest writes it; a bar is available so many minutes after its close. */
  const write = async (bars: Bars, delay: (row: number) => number = () => 0): Promise<string> => {
    const path = join(await rig.make(), 'prices.arrow');
    await writeDataset(path, { ...bars, symbol: bars.date.map(() => '^TEST'), eventTime: bars.date.map((day) => instant(day)), availableAt: bars.date.map((day, row) => instant(day, delay(row))) });
    return path;
  };
  const run = async (prices: string, parameters: { horizonDays?: number; decisionMinutes?: number; maximumAgeDays?: number; extraName?: string } = {}, extra?: string) => {
    const { outputs } = await runInline(featurize, { folder: await rig.make(), inputs: { prices, ...(extra ? { extra } : {}) }, parameters });
    return { table: await readDataset(outputs.table), definition: await readJson(outputs.definition), online: readOnlineFeatures(await readFile(outputs.online, 'utf8')) };
  };
  const rowAt = (table: Dataset, names: readonly string[], date: string): number[] => {
    const row = table.texts('date').indexOf(date);
    return names.map((name) => table.numbers(name)[row]!);
  };
  const own = computeFeatures(WALK, defaultFeatureSet);

  it('gives a row the features of its own bar where that was available, and of the bar before where it was not', async () => {
    const prices = await write(WALK, () => 30);
    const [early, late] = [(await run(prices)).table, (await run(prices, { decisionMinutes: 30 })).table];
    expect([early.texts('date')[0], late.texts('date')[0]]).toEqual([WALK.date[NEEDED], WALK.date[NEEDED - 1]]);
    for (let row = NEEDED; row < WALK.date.length; row += 41) {
      const date = WALK.date[row]!;
      expect(rowAt(early, NAMES, date)).toEqual(rowOf(own.matrix, row - 1));
      expect(rowAt(late, NAMES, date)).toEqual(rowOf(own.matrix, row));
      // What a decision may look at is as late as its features; what it is asked is its own session's.
      expect(rowAt(early, ['close'], date)).toEqual([WALK.close[row - 1]]);
      expect(rowAt(late, ['close'], date)).toEqual([WALK.close[row]]);
      if (row + 1 < WALK.date.length) expect(rowAt(early, ['next_return', 'forward_return'], date)).toEqual(Array(2).fill(WALK.close[row + 1]! / WALK.close[row]! - 1));
    }
    expect([late.texts('decisionTime')[0], late.texts('availableAt')[0]]).toEqual([instant(WALK.date[NEEDED - 1]!, 30), instant(WALK.date[NEEDED - 1]!, 30)]);
    expect([early.texts('decisionTime')[0], early.texts('availableAt')[0]]).toEqual([instant(WALK.date[NEEDED]!), instant(WALK.date[NEEDED - 1]!, 30)]);
  });

  it('does not use a bar that was filled in later, nor any row that looks back on it, and leaves out what has nothing fresh', async () => {
    // The bar of row 500 became known two weeks after its close. Until then no later row can be computed either.
    const { table } = await run(await write(WALK, (row) => (row === 500 ? 14 * 1440 : 0)), { maximumAgeDays: 4, horizonDays: 3 });
    const days = new Set(table.texts('date'));
    const daysAfter = (row: number, since: number): number => (Date.parse(WALK.date[row]!) - Date.parse(WALK.date[since]!)) / 86_400_000;
    const answers = forwardReturn(WALK.close, 3);
    for (let row = 500; row < 515; row++) {
      const [isKnown, isFresh] = [daysAfter(row, 500) >= 14, daysAfter(row, 499) <= 4];
      expect(days.has(WALK.date[row]!), `row ${row}`).toBe(isKnown || isFresh);
      if (isKnown || isFresh) expect(rowAt(table, NAMES, WALK.date[row]!)).toEqual(rowOf(own.matrix, isKnown ? row : 499));
      // The horizon is counted in sessions, not in the rows that are left.
      if (days.has(WALK.date[row]!)) expect(rowAt(table, ['forward_return', 'label'], WALK.date[row]!), `row ${row}`).toEqual([answers[row], answers[row]! > 0 ? 1 : 0]);
    }
    const at = table.texts('date').indexOf(WALK.date[500]!);
    expect([table.texts('decisionTime')[at], table.texts('availableAt')[at]]).toEqual([instant(WALK.date[500]!), instant(WALK.date[499]!)]);
  });

  it('joins the features of another series as of each decision, under names of their own', async () => {
    // The other series is known an hour after the close, and row 600 of it only after three days.
    const extra = await write(OTHER, (row) => (row === 600 ? 3 * 1440 : 60));
    const { table, definition, online } = await run(await write(WALK), { decisionMinutes: 60, extraName: 'vix' }, extra);
    const set: FeatureSet = { ...defaultFeatureSet, joined: { name: 'vix', features: joinedFeatures, maximumAgeDays: 7 } };
    const joined = ['vix_log_return_1', 'vix_log_return_5', 'vix_close_over_sma_20', 'vix_volatility_20'];
    expect(definition).toMatchObject({ definition: set, names: [...NAMES, ...joined], hash: featureSetHash(set) });
    expect(featureSetHash(set)).not.toBe(featureSetHash(defaultFeatureSet));
    const other = computeFeatures(OTHER, { features: joinedFeatures });
    expect(rowAt(table, joined, OTHER.date[599]!)).toEqual(rowOf(other.matrix, 599));
    expect(rowAt(table, joined, OTHER.date[600]!)).toEqual(rowOf(other.matrix, 599));
    // Until row 600 is known, three days later, no row that looks back on it is used.
    expect(rowAt(table, joined, OTHER.date[601]!)).toEqual(rowOf(other.matrix, 599));
    expect(rowAt(table, joined, OTHER.date[620]!)).toEqual(rowOf(other.matrix, 620));
    expect(rowAt(table, NAMES, OTHER.date[600]!)).toEqual(rowOf(own.matrix, 600));
    expect(online.rows['^TEST']).toEqual({ date: WALK.date.at(-1), eventTime: instant(WALK.date.at(-1)!), availableAt: instant(WALK.date.at(-1)!), values: [...rowOf(own.matrix, 699), ...rowOf(other.matrix, 699)] });
  });

  it('gives a model that is trained, served, and asked by the key of the latest row', async () => {
    const { outputs } = await runInline(featurize, { folder: await rig.make(), inputs: { prices: await write(WALK), extra: await write(OTHER) }, parameters: { extraName: 'vix' } });
    const server = await start(folderOrigin(await trainOn(rig, outputs, undefined, { name: 'with-vix' })), { onlineFeatures: { path: outputs.online, maximumAgeDays: Infinity } });
    try {
      const ask = (input: object) => server.post('/v2/models/with-vix/infer', { inputs: [input] });
      const { values } = readOnlineFeatures(await readFile(outputs.online, 'utf8')).rows['^TEST']!;
      const byKey = await ask({ name: 'key', datatype: 'BYTES', shape: [1], data: ['^TEST'] });
      expect(byKey.json).toMatchObject({ parameters: { feature_dates: WALK.date[699] } });
      expect(byKey.json['outputs']).toEqual((await ask({ name: 'features', datatype: 'FP64', shape: [1, NAMES.length + 4], data: values })).json['outputs']);
    } finally {
      await server.drain('the test is over');
    }
  });

  it('leaves sessions out for which the other series is stale, and has no latest row then', async () => {
    const { table, online } = await run(await write(WALK), { maximumAgeDays: 3 }, await write(sliceBars(OTHER, 0, 690)));
    expect(table.texts('date').at(-1)! < WALK.date[694]!).toBe(true);
    expect(online.rows).toEqual({});
  });

  it('refuses to join what does not say when it was known', async () => {
    const path = join(await rig.make(), 'bare.arrow');
    await writeDataset(path, { ...WALK });
    const dated = await write(WALK);
    await expect(run(dated, {}, path)).rejects.toThrow(/^PW504: The joined series "extra" has no columns eventTime and availableAt/);
    await expect(run(path, {}, dated)).rejects.toThrow(/^PW504: The bars have no columns eventTime and availableAt/);
    await expect(run(await write(WALK, (row) => (row === 3 ? -1 : 0)))).rejects.toThrow(`PW502: The bar of ${WALK.date[3]} is available before its session closed: ${instant(WALK.date[3]!, -1)}.`);
    await writeDataset(path, { ...WALK, eventTime: WALK.date.map(() => 'noon'), availableAt: WALK.date.map(() => 'noon') });
    await expect(run(path)).rejects.toThrow('PW502: The eventTime of row 0 is "noon", which is not an instant.');
  });

  it('writes the latest row by key, and it goes on bar by bar as the table would', async () => {
    const { table, online } = await run(await write(sliceBars(WALK, 0, 650), () => 15), { decisionMinutes: 15 });
    expect(Object.keys(online.rows)).toEqual(['^TEST']);
    expect(online.rows['^TEST']).toMatchObject({ date: WALK.date[649], eventTime: instant(WALK.date[649]!), availableAt: instant(WALK.date[649]!, 15), values: rowAt(table, NAMES, WALK.date[649]!) });
    let later: OnlineFeatures = online;
    for (let row = 650; row < 700; row++) {
      later = readOnlineFeatures(JSON.stringify(updateOnlineFeatures(later, '^TEST', barAt(WALK, row), { eventTime: instant(WALK.date[row]!) })));
      expect(later.rows['^TEST']!.values).toEqual(rowOf(own.matrix, row));
    }
    expect(later.rows['^TEST']).toMatchObject({ date: WALK.date[699], eventTime: instant(WALK.date[699]!) });
    expect(later.rows['^TEST']!.availableAt).toBeUndefined();
    expect(() => updateOnlineFeatures(later, '^TEST', barAt(WALK, 699))).toThrow('Dates must rise');
    expect(() => updateOnlineFeatures(later, '^GSPC', barAt(WALK, 699))).toThrow('There is no stream of "^GSPC"');
  });

  it('is not read with other feature functions, nor with a row that does not fit', async () => {
    const { online } = await run(await write(WALK));
    const text = (change: object): string => JSON.stringify({ ...online, ...change });
    expect(() => readOnlineFeatures(text({ hash: `sha256:${'0'.repeat(64)}` }))).toThrow('Its rows were computed by other feature functions');
    expect(() => readOnlineFeatures(text({ rows: { a: { date: '2020-01-02', values: [1] } } }))).toThrow('Its row of "a" must have a day and 19 finite values.');
    expect(() => readOnlineFeatures(text({ rows: { a: { ...online.rows['^TEST'], date: 'today' } } }))).toThrow('must have a day');
    expect(() => readOnlineFeatures('{}')).toThrow('not a document of online features');
    expect(() => readOnlineFeatures('half a')).toThrow('not a document of online features');
  });
});
