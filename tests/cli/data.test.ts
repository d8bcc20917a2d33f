import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { diffData } from '../../cli/data/diff-data.ts';
import { listData } from '../../cli/data/list-data.ts';
import { pinData } from '../../cli/data/pin-data.ts';
import { showData } from '../../cli/data/show-data.ts';
import { prepareRun } from '../../cli/start/prepare-run.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { pipeline } from '../../dsl/index.ts';
import { createInlineExecutor, runPipeline } from '../../dsl/local/index.ts';
import { digestOf, type Json } from '../../dsl/util/index.ts';
import { params } from '../../pipeline/params.ts';
import { prepare } from '../../pipeline/pipeline.ts';
import { ingest } from '../../steps/ingest/contract.ts';
import { openDirectoryStore } from '../../store/index.ts';
import { createRig, type Rig } from '../steps/rig.ts';

/** One step, with the parameters and the preparation of the shipped pipeline. */
const reading = demandChecked(pipeline('reading', { params }, ({ params, task }) => {
  const { source, symbol, digest, previous, restated, timeZone, sessionClose, publicationDelayMinutes } = params;
  task(ingest, { source, symbol, digest, restated, timeZone, sessionClose, publicationDelayMinutes, previousDigest: previous });
}));

const HEAD = 'date,open,high,low,close,volume';
const ROWS = ['2020-01-02,1,3,1,2,100', '2020-01-03,2,4,2,3,200', '2020-01-06,3,5,3,4,300'];

describe('pipewright data', () => {
  let rig: Rig;
  let folder: string;
  let csv: string;
  beforeAll(async () => {
    rig = await createRig();
    folder = join(rig.folder, 'runs');
    csv = join(rig.folder, 'prices.csv');
    await write(ROWS);
    expect(await run({ symbol: 'SPX' })).toBe('Succeeded');
    await write([ROWS[0]!, '2020-01-03,2,4,2,3.3,200', ROWS[2]!, '2020-01-07,4,6,4,5,400']);
    // Refused, and the next run is still compared with what the first one read.
    expect(await run({ symbol: 'SPX', previous: 'latest' })).toBe('Failed');
    expect(await run({ symbol: 'SPX', previous: 'latest' })).toBe('Failed');
    expect(await run({ symbol: 'SPX', previous: 'latest', restated: 'take' })).toBe('Succeeded');
  });
  afterAll(() => rig.remove());
  afterEach(() => vi.restoreAllMocks());

  const write = (rows: readonly string[]): Promise<void> => writeFile(csv, [HEAD, ...rows, ''].join('\n'));
  async function run(given: Readonly<Record<string, Json>>): Promise<string> {
    const store = await openDirectoryStore(join(folder, 'store'));
    const codeOf = async () => digestOf('code');
    const parameters = await prepareRun({ prepare }, reading, { source: csv, ...given }, { folder, store, codeOf });
    const { status } = await runPipeline(reading, { parameters, folder, store, executor: createInlineExecutor(), code: codeOf, environment: { PIPEWRIGHT_STORE: join(folder, 'store') } });
    return status;
  }
  async function told(verb: () => Promise<void>): Promise<string> {
    let text = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((text += String(chunk)), true));
    await verb();
    vi.restoreAllMocks();
    return text;
  }
  const asJson = async (verb: (options: { folder: string; output: 'json'; limit: number }) => Promise<void>): Promise<any> => JSON.parse(await told(() => verb({ folder, output: 'json', limit: 20 })));

  it('lists versions with what they continue and the run that read them', async () => {
    const [now, first, ...more] = await asJson(listData);
    expect(more).toEqual([]);
    expect(now).toMatchObject({ symbol: 'SPX', rows: 4, firstDay: '2020-01-02', lastDay: '2020-01-07', source: 'prices.csv', parent: first.version, task: 'ingest', pipeline: 'reading', runs: 1 });
    expect(first).toMatchObject({ rows: 3, parent: null, sourceDigest: digestOf([HEAD, ...ROWS, ''].join('\n')) });
    expect(now.run > first.run).toBe(true);
    const lines = (await told(() => listData({ folder, output: 'table', limit: 1 }))).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`${now.version.slice(7, 19)}  SPX        4  2020-01-02 … 2020-01-07  prices.csv  ${first.version.slice(7, 19)}`);
    expect(await told(() => listData({ folder, output: 'table', limit: 1, symbol: 'DAX' }))).toMatch(/has read data of DAX\.\n$/);
  });

  it('shows one with its ancestors and the statistics of its columns', async () => {
    const [now, first] = await asJson(listData);
    const shown = await asJson((options) => showData('latest', options));
    expect(shown).toMatchObject({ version: now.version, ancestors: [first.version] });
    expect(shown.columns.find(({ name }: { name: string }) => name === 'close')).toEqual({ name: 'close', type: 'float64', finite: 4, missing: 0, minimum: 2, mean: 3.575, maximum: 5 });
    expect(await told(() => showData(first.version.slice(7, 15), { folder, output: 'table' }))).toContain(first.version);
  });

  it('says what differs between two', async () => {
    const found = await asJson((options) => diffData('previous', 'latest', options));
    expect(found).toMatchObject({ added: ['2020-01-07'], removed: [], changed: ['2020-01-03'], same: 2, schema: [] });
    expect(found.cells).toEqual([{ day: '2020-01-03', column: 'close', before: 3, after: 3.3, share: expect.closeTo(0.1, 12) }]);
    expect(found.statistics.map(({ column }: { column: string }) => column)).toEqual(['open', 'high', 'low', 'close', 'volume']);
    const table = await told(() => diffData('latest', 'previous', { folder, output: 'table' }));
    expect(table).toMatch(/^  added +0 *$/m);
    expect(table).toMatch(/^  removed +1 +2020-01-07$/m);
    expect(await told(() => diffData('latest', 'latest', { folder, output: 'table' }))).toContain('No row and no column differs');
    expect(table).toContain('1 cell differs:\n  2020-01-03  close  3.3  → 3  -9.09 %');
  });

  it('pins one: a run that is given the pin reads it from the store, and another machine its source', async () => {
    const [now, first] = await asJson(listData);
    const out = join(rig.folder, 'data.lock.json');
    await told(() => pinData(first.version, { folder, out }));
    expect(JSON.parse(await readFile(out, 'utf8'))).toEqual({
      format: 'pipewright/data-pin/1', dataset: first.version, digest: first.sourceDigest, source: 'prices.csv', rows: 3, firstDay: '2020-01-02', lastDay: '2020-01-06',
      parameters: { source: 'prices.csv', symbol: 'SPX', timeZone: 'America/New_York', sessionClose: '16:00', publicationDelayMinutes: 0 },
    });
    expect(await run({ source: `pinned:${out}` })).toBe('Succeeded');
    const [latest, ...others] = await asJson(listData);
    // The same version, which the first run made and this one used.
    expect(latest).toMatchObject({ version: first.version, source: 'prices.csv', run: first.run, runs: 2 });
    expect(others.map(({ version }: { version: string }) => version)).toEqual([now.version]);

    const elsewhere = { folder: join(rig.folder, 'elsewhere'), store: await openDirectoryStore(join(rig.folder, 'elsewhere')), codeOf: async () => digestOf('code') };
    expect(await prepareRun({ prepare }, reading, { source: `pinned:${out}` }, elsewhere)).toMatchObject({ source: csv, digest: first.sourceDigest });
  });

  it.each([
    ['frobnicate', 'PW903: There is no version "frobnicate" of the data.'],
    ['ffff', 'PW903: There is no version "ffff" of the data.'],
    ['', 'PW903: There is no version "" of the data.'],
  ])('refuses the version "%s"', async (wanted, message) => {
    await expect(showData(wanted, { folder, output: 'json' })).rejects.toThrow(message);
  });

  it('says that nothing was read yet', async () => {
    const empty = join(rig.folder, 'empty');
    await expect(showData('latest', { folder: empty, output: 'json' })).rejects.toThrow('PW903: No run in this folder has read data yet.');
    expect(await told(() => listData({ folder: empty, output: 'table', limit: 1 }))).toMatch(/has read data yet\.\n$/);
  });
});
