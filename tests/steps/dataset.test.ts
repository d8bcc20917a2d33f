import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataset, writeDataset } from '../../steps/runtime/dataset.ts';

describe('dataset', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was written, NaN and signed zero included', async () => {
    const path = join(folder, 'round.arrow');
    const anyRow = fc.record({ date: fc.string({ unit: 'grapheme' }), close: fc.double(), count: fc.integer(), odd: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { minLength: 1, maxLength: 50 }), async (rows) => {
        const close = Float64Array.from(rows, (row) => row.close);
        await writeDataset(path, {
          date: rows.map((row) => row.date),
          close,
          count: Int32Array.from(rows, (row) => row.count),
          odd: rows.map((row) => row.odd),
        });
        const read = await readDataset(path, { date: 'date', close: 'float64', count: 'int32', odd: 'boolean' });
        expect(read.rows).toBe(rows.length);
        expect(read.names).toEqual(['date', 'close', 'count', 'odd']);
        expect(read.texts('date')).toEqual(rows.map((row) => row.date));
        expect(read.numbers('close')).toEqual(close);
        expect([...read.numbers('count')]).toEqual(rows.map((row) => row.count));
        expect([...read.numbers('odd')]).toEqual(rows.map((row) => Number(row.odd)));
      }),
      { numRuns: 30 },
    );
  });

  it('writes the same bytes for the same columns', async () => {
    const columns = { date: ['2000-01-03', '2000-01-04'], close: Float64Array.of(1455.22, Number.NaN) };
    await writeDataset(join(folder, 'a.arrow'), columns);
    await writeDataset(join(folder, 'b.arrow'), columns);
    expect(await readFile(join(folder, 'a.arrow'))).toEqual(await readFile(join(folder, 'b.arrow')));
  });

  it('keeps the columns of a dataset without rows', async () => {
    const path = join(folder, 'empty.arrow');
    await writeDataset(path, { date: [], close: new Float64Array() });
    const read = await readDataset(path, { date: 'date', close: 'float64' });
    expect(read.rows).toBe(0);
    expect(read.names).toEqual(['date', 'close']);
  });

  it('says which column is missing, and which was probably meant', async () => {
    const path = join(folder, 'typo.arrow');
    await writeDataset(path, { date: ['2000-01-03'], closes: Float64Array.of(1) });
    await expect(readDataset(path, { close: 'float64' })).rejects.toThrow(/has no column "close"; did you mean "closes"\?/);
    const read = await readDataset(path);
    expect(() => read.numbers('volume')).toThrow(/has no column "volume"/);
  });

  it('refuses a column of another type, nulls, and what is not Arrow', async () => {
    const path = join(folder, 'wrong.arrow');
    await writeDataset(path, { date: ['2000-01-03'], close: ['1455.22'] });
    await expect(readDataset(path, { close: 'float64' })).rejects.toThrow(/column "close" whose values are not of type float64/);
    await writeFile(path, tableToIPC(tableFromArrays({ close: [1.5, null, 3] }), { format: 'file' })!);
    await expect(readDataset(path, { close: 'float64' })).rejects.toThrow(/has nulls in the column "close" \(1 of 3 rows\)/);
    await writeFile(path, 'date,close\n2000-01-03,1455.22\n');
    await expect(readDataset(path)).rejects.toMatchObject({ code: 'PW502' });
  });
});
