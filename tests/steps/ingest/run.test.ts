import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../dsl/util/index.ts';
import { sliceBars } from '../../../model/bars.ts';
import { PACKAGED } from '../../../steps/ingest/packaged.ts';
import { resolveAsOf } from '../../../steps/ingest/resolve-as-of.ts';
import ingest from '../../../steps/ingest/run.ts';
import validate from '../../../steps/validate/run.ts';
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
    expect(results).toEqual({ rows: 5105, firstDay: '2000-01-03', lastDay: '2020-04-17', asOf: '' });
    const bars = sp500();
    const prices = await readDataset(outputs.prices, { date: 'date', open: 'float64', high: 'float64', low: 'float64', close: 'float64', volume: 'float64' });
    expect(prices.texts('date')).toEqual(bars.date);
    for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) expect(prices.numbers(column)).toEqual(bars[column]);
    expect(await readJson(outputs.manifest)).toEqual({
      format: 'pipewright/manifest/1', source: 'vega-datasets@3.2.1/sp500-2000.csv', digest: PACKAGED.digest, bytes: 415968, rows: 5105, firstDay: '2000-01-03', lastDay: '2020-04-17',
      columns: ['date', 'open', 'high', 'low', 'close', 'volume', 'symbol', 'eventTime', 'availableAt', 'line'], dataset: digestOf(await readFile(outputs.prices)),
      symbol: '^GSPC', currency: 'USD', exchange: 'SNP', timeZone: 'America/New_York', sessionClose: '16:00', publicationDelayMinutes: 0, adjusted: false,
    });
    expect(lines).toEqual(['Read 5105 bars from 2000-01-03 to 2020-04-17 from vega-datasets@3.2.1/sp500-2000.csv.']);
  });

  it('reads a file of the user', async () => {
    const source = await writeCsv(rig, sp500());
    const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source } });
    expect((await readDataset(outputs.prices)).numbers('close')).toEqual(sp500().close);
  });

  it('says of each row what it is of, when it happened and when it could be known', async () => {
    const source = await writeCsv(rig, sliceBars(sp500(), 60, 63));
    const read = async (parameters: object) => {
      const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source, ...parameters } });
      const prices = await readDataset(outputs.prices);
      return { manifest: await readJson(outputs.manifest), rows: prices.texts('date').map((day, row) => [day, ...['symbol', 'eventTime', 'availableAt'].map((column) => prices.texts(column)[row])]) };
    };
    const plain = await read({});
    expect(plain.rows).toEqual([
      ['2000-03-29', '', '2000-03-29T21:00:00Z', '2000-03-29T21:00:00Z'], ['2000-03-30', '', '2000-03-30T21:00:00Z', '2000-03-30T21:00:00Z'], ['2000-03-31', '', '2000-03-31T21:00:00Z', '2000-03-31T21:00:00Z'],
    ]);
    expect(plain.manifest).not.toHaveProperty('symbol');
    const told = await read({ symbol: 'DAX', timeZone: 'Europe/Berlin', sessionClose: '17:35', publicationDelayMinutes: 20, currency: 'EUR', exchange: 'XETR' });
    expect(told.rows[0]).toEqual(['2000-03-29', 'DAX', '2000-03-29T15:35:00Z', '2000-03-29T15:55:00Z']);
    expect(told.manifest).toMatchObject({ symbol: 'DAX', timeZone: 'Europe/Berlin', sessionClose: '17:35', publicationDelayMinutes: 20, currency: 'EUR', exchange: 'XETR' });
  });

  it('writes the same bytes for the same data', async () => {
    const digests = await Promise.all([1, 2].map(async () => {
      const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source: 'synthetic:signal?days=300&seed=5' } });
      return [digestOf(await readFile(outputs.prices)), digestOf(await readFile(outputs.manifest))];
    }));
    expect(digests[0]).toEqual(digests[1]);
  });

  it('gives the next step what it took before: more columns do no harm', async () => {
    const { outputs } = await runInline(ingest, { folder: await rig.make() });
    const { outputs: checked } = await runInline(validate, { folder: await rig.make(), inputs: { prices: outputs.prices } });
    expect((await readDataset(checked.clean)).numbers('close')).toEqual(sp500().close);
  });

  it('says in which line of a text each row stands, and of other rows nothing', async () => {
    const path = join(await rig.make(), 'prices.csv');
    await writeFile(path, '\ndate,open,high,low,close,volume\n2020-01-02,1,2,1,2,5\n\n2020-01-03,1,2,,2,5\n2020-01-06,1,2,1,2,6\n');
    const read = async (parameters: object) => readDataset((await runInline(ingest, { folder: await rig.make(), parameters })).outputs.prices);
    expect([...(await read({ source: path })).numbers('line')]).toEqual([3, 5, 6]);
    expect([...(await read({ source: path, from: '2020-01-03' })).numbers('line')]).toEqual([5, 6]);
    expect((await read({ source: 'synthetic:garch?days=5' })).names).not.toContain('line');
    // validate carries every column on, and names the line of what it sets aside.
    const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source: path } });
    const checked = await runInline(validate, { folder: await rig.make(), inputs: { prices: outputs.prices }, parameters: { maximumQuarantinedShare: 0.5 } });
    const clean = await readDataset(checked.outputs.clean, { symbol: 'string', eventTime: 'string', availableAt: 'string', line: 'int32' });
    expect([clean.texts('availableAt'), [...clean.numbers('line')]]).toEqual([['2020-01-02T21:00:00Z', '2020-01-06T21:00:00Z'], [3, 6]]);
    expect(JSON.parse(await readFile(checked.outputs.quarantine, 'utf8'))).toMatchObject({ row: 1, line: 5, rule: 'complete' });
  });

  it('is given the day in a pod, where the source changes with it and nobody has said which', () => {
    const today = new Date('2026-03-02T23:59:59Z');
    const asOf = (source: string, given = ''): string => resolveAsOf({ parameters: { source, asOf: given }, log: () => undefined }, today).asOf;
    for (const source of ['yahoo:^GSPC', 'alphavantage:', 'https://example.org/prices.csv']) expect([asOf(source), asOf(source, '2026-01-05')]).toEqual(['2026-03-02', '2026-01-05']);
    for (const source of ['packaged', 'prices.csv', 'synthetic:garch', 'dataset:x']) expect(asOf(source)).toBe('');
  });

  it('works dividends into the prices where the source has adjusted closes', async () => {
    const path = join(await rig.make(), 'prices.csv');
    await writeFile(path, 'date,open,high,low,close,Adj Close,volume\n2020-01-02,8,12,6,10,5,100\n2020-01-03,8,12,6,10,,100\n');
    const read = async (adjusted: boolean) => {
      const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source: path, adjusted } });
      const prices = await readDataset(outputs.prices);
      return (['open', 'high', 'low', 'close', 'volume'] as const).map((column) => [...prices.numbers(column)]);
    };
    expect(await read(false)).toEqual([[8, 8], [12, 12], [6, 6], [10, 10], [100, 100]]);
    expect(await read(true)).toEqual([[4, Number.NaN], [6, Number.NaN], [3, Number.NaN], [5, Number.NaN], [100, 100]]);
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { source: await writeCsv(rig, sp500()), adjusted: true } })).rejects.toThrow(/^PW502: .+bars\.csv has no column with adjusted closes\./);
  });

  it('leaves out what is before the first wanted day', async () => {
    const { results } = await runInline(ingest, { folder: await rig.make(), parameters: { from: '2020-01-01' } });
    expect(results).toEqual({ rows: 74, firstDay: '2020-01-02', lastDay: '2020-04-17', asOf: '' });
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { from: '2021-01-01' } })).rejects.toThrow('PW502: vega-datasets@3.2.1/sp500-2000.csv has no bars from 2021-01-01 on; its last is of 2020-04-17.');
  });

  it.each([
    [{ symbol: 'AAPL' }, 'PW501: The packaged data is ^GSPC, not "AAPL".'],
    [{ source: 'yahoo:IBM', symbol: 'AAPL' }, 'PW501: The source "yahoo:IBM" and the parameter symbol, "AAPL", name two symbols.'],
    [{ source: 'yahoo:' }, 'PW501: It is not said which symbol to ask Yahoo Finance for.'],
    [{ source: 'data/{symbol}.csv' }, 'PW501: The source "data/{symbol}.csv" has a place for a symbol, and none is given.'],
    [{ source: 'yahoo:IBM', asOf: 'today' }, 'PW501: The parameter "asOf" is "today", which is not a day'],
    [{ source: 'yahoo:IBM', baseUrl: 'http://' }, 'PW501: The parameter "baseUrl" is "http://", which does not match'],
    [{ source: 'yahoo:IBM', baseUrl: 'https://a b' }, 'PW501: The parameter "baseUrl" is "https://a b", which is not an address.'],
    [{ source: 'synthetic:nothing' }, 'PW501: The source is not a synthetic market'],
    [{ source: 'synthetic:garch', digest: `sha256:${'0'.repeat(64)}` }, 'PW502: synthetic:garch?alpha=0.08&beta=0.9&'],
    [{ timeZone: 'Moon' }, 'PW501: There is no time zone "Moon".'],
    [{ sessionClose: '25:00' }, 'PW501: The parameter "sessionClose" is "25:00", which does not match'],
  ])('refuses %j', async (parameters, message) => {
    await expect(runInline(ingest, { folder: await rig.make(), parameters })).rejects.toThrow(message);
  });

  it('keeps a pinned synthetic market or answer to its digest', async () => {
    const source = 'synthetic:random-walk?days=30';
    const { outputs } = await runInline(ingest, { folder: await rig.make(), parameters: { source } });
    const { digest } = await readJson(outputs.manifest);
    await runInline(ingest, { folder: await rig.make(), parameters: { source, digest } });
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { source: `${source}&seed=2`, digest } })).rejects.toThrow('is not the file that is expected');
  });

  it('refuses a digest that is none', async () => {
    await expect(runInline(ingest, { folder: await rig.make(), parameters: { digest: 'sha256:12' } })).rejects.toThrow(/^PW501: The parameter "digest" is "sha256:12", which does not match/);
  });
});
