import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBundler } from '../../../dsl/local/index.ts';
import { BAR_COLUMNS, type BarColumn } from '../../../model/bars.ts';
import { parseParquet } from '../../../steps/ingest/parse-parquet.ts';
import ingest from '../../../steps/ingest/run.ts';
import { readDataset } from '../../../steps/runtime/dataset.ts';
import { runInline } from '../../../steps/runtime/index.ts';
import { sp500 } from '../../model/sample-bars.ts';
import { createRig, type Rig } from '../rig.ts';

type ColumnSource = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];
const write = (columnData: readonly ColumnSource[]): Uint8Array => new Uint8Array(parquetWriteBuffer({ columnData: [...columnData] }));
const prices = (dates: ColumnSource, close: ColumnSource['data'] = [2, 3]): ColumnSource[] =>
  [dates, ...BAR_COLUMNS.map((name): ColumnSource => ({ name: name === 'open' ? 'Open' : name, data: name === 'close' ? close : [1, 2], type: 'DOUBLE', nullable: true }))];
const TEXTS: ColumnSource = { name: 'Date', data: ['2020-01-02', '2020-01-03T00:00:00-05:00'], type: 'STRING' };

/** Written by pyarrow 26.0.1: generate.py beside them. */
const fixture = (name: string): string => fileURLToPath(new URL(`./parquet/${name}.parquet`, import.meta.url));

describe('a Parquet file', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  it('is a source like a CSV file', async () => {
    const bars = sp500();
    const path = join(await rig.make(), 'prices.parquet');
    const bytes = write([{ name: 'date', data: [...bars.date], type: 'STRING' }, ...BAR_COLUMNS.map((name): ColumnSource => ({ name, data: [...bars[name]], type: 'DOUBLE' }))]);
    await writeFile(path, bytes);
    const { outputs, results } = await runInline(ingest, { folder: await rig.make(), parameters: { source: path } });
    expect(results.rows).toBe(5105);
    const dataset = await readDataset(outputs.prices);
    expect(dataset.texts('date')).toEqual(bars.date);
    for (const column of BAR_COLUMNS) expect(dataset.numbers(column)).toEqual(bars[column]);
  });

  it.each([
    ['texts', TEXTS],
    ['timestamps at midnight', { name: 'timestamp', data: [new Date('2020-01-02'), new Date('2020-01-03')], type: 'TIMESTAMP' }],
  ] as const)('has days as %s, nulls as NaN', async (_what, dates) => {
    const bars = await parseParquet('p', write(prices(dates as ColumnSource, [2, null])));
    expect(bars.date).toEqual(['2020-01-02', '2020-01-03']);
    expect([...bars.close]).toEqual([2, Number.NaN]);
    expect([...bars.open]).toEqual([1, 2]);
  });

  it('works dividends in where it has adjusted closes', async () => {
    const columns = [...prices(TEXTS, [2, 4]), { name: 'Adj Close', data: [1, 4], type: 'DOUBLE' } as ColumnSource];
    expect([...(await parseParquet('p', write(columns), { adjusted: true })).open]).toEqual([0.5, 2]);
    await expect(parseParquet('p', write(prices(TEXTS)), { adjusted: true })).rejects.toThrow('PW502: p has no column with adjusted closes.');
  });

  it.each(['date32-snappy', 'date32-zstd-pages-2', 'date32-gzip', 'date32-lz4-float32', 'timestamp-ns-brotli', 'text-none'])('of pyarrow is read: %s', async (name) => {
    const bars = await parseParquet(name, await readFile(fixture(name)));
    expect(bars.date).toEqual(Array.from({ length: 8 }, (_, day) => `2020-01-${String(day + 2).padStart(2, '0')}`));
    for (const [column, first] of Object.entries({ open: 100, high: 102.5, low: 99.25, close: 101.125 })) expect([...bars[column as BarColumn]]).toEqual(bars.date.map((_, row) => first + row));
    expect([...bars.volume]).toEqual(bars.date.map((_, row) => 1000 * (row + 1)));
  });

  it('with instants of a zone says that it cannot tell the day', async () => {
    await expect(parseParquet('p', await readFile(fixture('timestamp-new-york')))).rejects.toThrow('PW502: p has the date "2020-01-02T05:00:00.000Z" in row 1, which is an instant of a day, not a day: in which zone is not said.');
  });

  it('is read from an address, whatever its name and however small the pieces are in which it comes', async () => {
    const bytes = await readFile(fixture('date32-zstd-pages-2'));
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
      response.write(bytes.subarray(0, 2));
      setTimeout(() => response.end(bytes.subarray(2)), 20);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const source = `http://127.0.0.1:${port}/prices.csv`;
      const { outputs, results } = await runInline(ingest, { folder: await rig.make(), parameters: { source, asOf: '2020-01-09' } });
      expect(results).toEqual({ rows: 8, firstDay: '2020-01-02', lastDay: '2020-01-09', asOf: '2020-01-09' });
      expect((await readDataset(outputs.prices)).names).not.toContain('line');
      await expect(runInline(ingest, { folder: await rig.make(), parameters: { source, digest: `sha256:${'0'.repeat(64)}` } })).rejects.toThrow(/PW502: .* is not the file that is expected/);
    } finally {
      server.close();
    }
  });

  it('is decoded by what only its readers load', async () => {
    const { main } = await createBundler({ folder: await rig.make() }).bundle(ingest.contract);
    // esbuild makes a function of a module that is imported later; what everyone imports stands at the top.
    expect(await readFile(main, 'utf8')).toMatch(/var init_parse_parquet = __esm\(/);
  });

  it.each([
    ['an instant for a day', prices({ name: 'date', data: [new Date('2020-01-02T15:00:00Z'), new Date('2020-01-03')], type: 'TIMESTAMP' }), 'has the date "2020-01-02T15:00:00.000Z" in row 1, which is an instant of a day'],
    ['no day', prices({ name: 'date', data: ['soon', '2020-01-03'], type: 'STRING' }), 'has the date "soon" in row 1, which is not a day'],
    ['texts for numbers', prices(TEXTS).map((column) => (column.name === 'low' ? { name: 'low', data: ['a', 'b'], type: 'STRING' } as ColumnSource : column)), 'has "a" as the low of row 1, which is not a number'],
    ['a column too few', prices(TEXTS).slice(0, 4), 'has no column close and volume'],
  ])('is refused with %s', async (_what, columns, message) => {
    await expect(parseParquet('p', write(columns))).rejects.toThrow(`PW502: p ${message}`);
  });

  it('is refused when it is cut off', async () => {
    const bytes = write(prices(TEXTS));
    await expect(parseParquet('p', bytes.subarray(0, bytes.length - 20))).rejects.toThrow(/^PW502: p begins as a Parquet file and cannot be read as one:/);
  });
});
