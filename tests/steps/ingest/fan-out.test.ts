import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandChecked } from '../../../dsl/check/index.ts';
import { pipeline, t } from '../../../dsl/index.ts';
import { createBundler, createProcessExecutor, readTasks, runPipeline } from '../../../dsl/local/index.ts';
import { openDirectoryStore } from '../../../store/index.ts';
import { ingest, kindOfSource } from '../../../steps/ingest/contract.ts';
import { createRig, type Rig } from '../rig.ts';

/** As the guide shows it: one ingest for each symbol. */
const many = pipeline('many', { params: { source: t.string(), symbols: t.list(t.string()) } }, ({ params, forEach }) => {
  forEach(params.symbols, (symbol, { task }) => task(ingest, { source: params.source, symbol }), { name: 'each-symbol', parallelism: 1 });
});

describe('several symbols', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.remove());

  it('are read by one ingest each, and each dataset names its own', async () => {
    const data = join(rig.folder, 'data');
    await mkdir(data);
    // An encoded name: a symbol may hold what a path may not.
    for (const [symbol, close] of [['SPX', 2], ['%5EGSPC', 3]] as const) await writeFile(join(data, `${symbol}.csv`), `date,open,high,low,close,volume\n2020-01-02,1,9,1,${close},5\n`);
    const folder = await rig.make();
    const store = await openDirectoryStore(join(folder, 'store'));
    const bundler = createBundler({ folder: join(rig.folder, 'bundles') });
    const { id, status } = await runPipeline(demandChecked(many), {
      parameters: { source: join(data, '{symbol}.csv'), symbols: ['SPX', '^GSPC'] }, folder, store,
      executor: createProcessExecutor({ bundle: (contract) => bundler.bundle(contract) }), code: (contract) => bundler.codeOf(contract), environment: {},
    });
    expect(status).toBe('Succeeded');
    const tasks = (await readTasks(folder, id)).filter(({ task }) => task.startsWith('ingest'));
    const manifests = await Promise.all(tasks.map(async ({ outputs }) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await store.getObject(outputs['manifest']!.digest)) chunks.push(chunk as Uint8Array);
      return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { symbol: string; source: string };
    }));
    expect(manifests.map(({ symbol, source }) => [symbol, source]).sort()).toEqual([['SPX', 'SPX.csv'], ['^GSPC', '%5EGSPC.csv']]);
  }, 60_000);

  it.each([
    ['packaged', 'packaged'], ['prices.csv', 'file'], ['/data/prices.csv', 'file'], ['C:\\prices.csv', 'file'], ['file:///prices.csv', 'file'], ['./yahoo:IBM', 'file'], ['ftp://host/x', 'file'], ['yahoo://host', 'file'],
    ['http://host/x.csv', 'address'], ['HTTPS://host/x.csv', 'address'], ['yahoo:^GSPC', 'yahoo'], ['yahoo:', 'yahoo'], ['alphavantage:IBM', 'alphavantage'], ['synthetic:garch?seed=1', 'synthetic'],
  ])('the source %s is of the kind %s', (source, kind) => expect(kindOfSource(source)).toBe(kind));
});
