import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { sliceBars } from '../../../model/bars.ts';
import { computeFeatures, defaultFeatureSet, featureColumns, featureSetHash, requiredBars } from '../../../model/features/index.ts';
import featurize from '../../../steps/featurize/run.ts';
import { readDataset, type Dataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { randomWalk, sp500 } from '../../model/sample-bars.ts';
import { createRig, featuresOf, readJson, writeBars, type Rig } from '../rig.ts';

const NAMES = featureColumns(defaultFeatureSet);

describe('featurize', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  const tableOf = async (bars = sp500(), parameters: { horizonDays?: number } = {}): Promise<Dataset> => readDataset((await featuresOf(rig, bars, parameters)).table);

  it('begins where all features are complete, and has no value that is not finite', async () => {
    const table = await tableOf();
    const { firstComplete, dates, matrix } = computeFeatures(sp500(), defaultFeatureSet);
    expect(table.texts('date')).toEqual(dates.slice(firstComplete));
    for (const [at, name] of NAMES.entries()) {
      const column = table.numbers(name);
      expect(column.every(Number.isFinite), name).toBe(true);
      expect(column[10]).toBe(matrix.values[(firstComplete + 10) * NAMES.length + at]);
    }
  });

  it.each([1, 5])('labels a row by the close %i rows later, and the last rows not at all', async (horizonDays) => {
    const table = await tableOf(sp500(), { horizonDays });
    const [close, label, forward, next, part] = [table.numbers('close'), table.numbers('label'), table.numbers('forward_return'), table.numbers('next_return'), table.texts('part')];
    for (let row = 0; row < table.rows - horizonDays; row += 97) {
      expect(label[row]).toBe(close[row + horizonDays]! > close[row]! ? 1 : 0);
      expect(forward[row]).toBe(close[row + horizonDays]! / close[row]! - 1);
      expect(next[row]).toBe(close[row + 1]! / close[row]! - 1);
    }
    for (const answers of [label, forward]) expect([...answers.slice(-horizonDays)]).toEqual(Array(horizonDays).fill(Number.NaN));
    expect(part.slice(-horizonDays)).toEqual(Array(horizonDays).fill('none'));
  });

  it.each([1, 5])('leaves %i rows out between two parts, so that no label knows a close of the next part', async (horizonDays) => {
    const part = (await tableOf(sp500(), { horizonDays })).texts('part');
    const order = part.filter((name, row) => name !== part[row - 1]);
    expect(order).toEqual(['train', 'none', 'validation', 'none', 'test', 'none']);
    expect(part.indexOf('validation') - part.lastIndexOf('train') - 1).toBe(horizonDays);
    expect(part.indexOf('test') - part.lastIndexOf('validation') - 1).toBe(horizonDays);
  });

  it('knows no later bar than its row: other test days leave features, labels and parts before them as they are', async () => {
    const bars = sp500();
    const table = await tableOf(bars);
    const firstTest = table.texts('date')[table.texts('part').indexOf('test')]!;
    const from = bars.date.indexOf(firstTest);
    const changed = { ...bars, close: bars.close.map((price, row) => (row >= from ? price * 1.5 : price)), high: bars.high.map((price) => price * 2), volume: bars.volume.map((volume, row) => (row >= from ? 1 : volume)) };
    const other = await tableOf(changed);
    const end = table.texts('part').lastIndexOf('validation') + 1;
    expect(other.texts('part')).toEqual(table.texts('part'));
    for (const name of [...NAMES, 'label']) expect(other.numbers(name).slice(0, end), name).toEqual(table.numbers(name).slice(0, end));
    expect(other.numbers('close')).not.toEqual(table.numbers('close'));
  });

  it('says what the columns mean', async () => {
    const prices = await writeBars(rig, sp500());
    const { outputs, results } = await runInline(featurize, { folder: await rig.make(), inputs: { prices }, parameters: { horizonDays: 5 } });
    expect(await readJson(outputs.definition)).toEqual({
      format: 'pipewright/feature-definition/1', definition: defaultFeatureSet, names: NAMES, hash: featureSetHash(defaultFeatureSet), horizonDays: 5,
      prices: digestOf(await readFile(prices)), guards: { purgeDays: 5, embargoDays: requiredBars(defaultFeatureSet) },
    });
    const figures = await readJson(outputs.figures);
    const [train, validation, test] = figures.tables[0].rows;
    expect([train[0], validation[0], test[0]]).toEqual(['train', 'validation', 'test']);
    expect(test[1]).toBe(results.testDays);
    expect(train[4]).toBeGreaterThan(0.4);
    const segments = figures.charts[0].lanes[0].segments as { role: string; from: string; to: string }[];
    expect(segments.map(({ role }) => role)).toEqual(['train', 'purged', 'validation', 'purged', 'test', 'unused']);
    expect(segments.map(({ to }) => to).slice(0, -1)).toEqual(segments.map(({ from }) => from).slice(1));
    expect([segments[0]!.from, segments[4]!.from]).toEqual([train[2], test[2]]);
  });

  it('refuses a history that is too short, and shares that make no sense', async () => {
    await expect(featuresOf(rig, sliceBars(randomWalk(2000, 1), 0, 300))).rejects.toThrow(/^PW504: .*too few/);
    const prices = await writeBars(rig, sp500());
    await expect(runInline(featurize, { folder: await rig.make(), inputs: { prices }, parameters: { trainShare: 0.9, validationShare: 0.2 } })).rejects.toThrow(/^PW504: .*shares/);
  });
});
