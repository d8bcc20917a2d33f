import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ingest from '../../../steps/ingest/run.ts';
import { readDataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, readJson, writeCsv, type Rig } from '../rig.ts';

describe('ingest', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  it('writes the packaged bars as a dataset, with a manifest', async () => {
    const lines: string[] = [];
    const { results, outputs } = await runInline(ingest, { folder: await rig.make(), onLine: (_stream, line) => lines.push(line) });
    expect(results).toEqual({ rows: 5105, firstDay: '2000-01-03', lastDay: '2020-04-17' });
    const bars = sp500();
    const prices = await readDataset(outputs.prices, { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' });
    expect(prices.texts('date')).toEqual(bars.date);
    for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) expect(prices.numbers(column)).toEqual(bars[column]);
    expect(await readJson(outputs.manifest)).toMatchObject({ format: 'pipewright/manifest/1', rows: 5105, bytes: 415968 });
    expect(lines).toEqual(['Read 5105 bars from 2000-01-03 to 2020-04-17 from vega-datasets@3.2.1/sp500-2000.csv.']);
  });

  it('reads a file of the user', async () => {
    const source = await writeCsv(rig, sp500());
    const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source } });
    expect((await readDataset(outputs.prices)).numbers('close')).toEqual(sp500().close);
  });

  it('refuses a digest that is none', async () => {
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { digest: 'sha256:12' } })).rejects.toThrow(/^PW501: The parameter "digest" is "sha256:12", which does not match/);
  });
});
