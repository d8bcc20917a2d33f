import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demandChecked } from '../../dsl/check/index.ts';
import { createBundler, createProcessExecutor, readTasks, runPipeline, type Bundler, type RunOutcome, type TaskRecord } from '../../dsl/local/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { Bars } from '../../model/bars.ts';
import { prepareRun } from '../../cli/start/prepare-run.ts';
import pipeline, { prepare } from '../../pipeline/pipeline.ts';
import { openRegistry } from '../../registry/index.ts';
import { openDirectoryStore } from '../../store/index.ts';
import { takeRows } from '../model/take-rows.ts';
import { sp500 } from '../model/sample-bars.ts';
import { createRig, writeCsv, type Rig } from '../steps/rig.ts';

const LONG = 180_000;
/** Few and quick: what is tested is the pipeline, not the models. */
const CANDIDATES = [
  { architecture: 'logistic', learningRate: 0.01, l2: 0.01, maxEpochs: 6 },
  { architecture: 'neural-network', hiddenLayers: [4], learningRate: 0.003, l2: 0.01, dropout: 0.2, maxEpochs: 3 },
];
const ONE = { candidates: [CANDIDATES[0]!] };

interface Ran {
  readonly outcome: RunOutcome;
  readonly tasks: readonly TaskRecord[];
  /** Digest of every artifact, by task and output. */
  readonly digests: Readonly<Record<string, string>>;
  readonly task: (name: string) => TaskRecord;
}

describe('the pipeline, with a process for each step', () => {
  let rig: Rig;
  let bundles: string;
  let bundler: Bundler;
  beforeAll(async () => {
    rig = await createRig();
    bundles = await mkdtemp(join(tmpdir(), 'pipewright-bundles-'));
    bundler = createBundler({ folder: bundles });
    await Promise.all(Object.values(pipeline.steps).map((contract) => bundler.bundle(contract)));
  }, LONG);
  afterAll(async () => {
    await rig.remove();
    await rm(bundles, { recursive: true, force: true });
  });

  async function run(folder: string, parameters: Readonly<Record<string, Json>> = {}): Promise<Ran> {
    const checked = demandChecked(pipeline);
    const store = await openDirectoryStore(join(folder, 'store'));
    const codeOf: Bundler['codeOf'] = (contract) => bundler.codeOf(contract);
    const outcome = await runPipeline(checked, {
      parameters: await prepareRun({ prepare }, checked, { candidates: CANDIDATES, ...parameters }, { folder, store, codeOf }),
      folder,
      store,
      executor: createProcessExecutor({ bundle: (contract) => bundler.bundle(contract) }),
      code: codeOf,
      environment: { PIPEWRIGHT_STORE: join(folder, 'store') },
    });
    const tasks = await readTasks(folder, outcome.id);
    const digests = tasks.flatMap(({ task, outputs }) => Object.entries(outputs).map(([name, { digest }]) => [`${task}.${name}`, digest] as const));
    return { outcome, tasks, digests: Object.fromEntries(digests), task: (name) => tasks.find(({ task }) => task === name)! };
  }

  it('comes to the same bytes twice, deploys, and takes a third run from the cache', async () => {
    const [here, there] = [await rig.make(), await rig.make()];
    const first = await run(here);
    expect(first.outcome.tasks.map(({ task, status }) => [task, status])).toEqual(
      ['ingest', 'validate', 'featurize', 'train(0)', 'train(1)', 'evaluate', 'deploy'].map((task) => [task, 'Succeeded']),
    );
    const declared = first.tasks.flatMap(({ task, step }) => Object.keys(pipeline.steps[step]!.outputs).map((name) => `${task}.${name}`));
    expect(Object.keys(first.digests).sort()).toEqual(declared.sort());
    const registry = openRegistry(await openDirectoryStore(join(here, 'store')));
    expect(await registry.resolveAlias('stock-direction', 'production')).toBe(1);
    expect((await registry.readVersion('stock-direction', 1)).artifact.digest).toBe(first.digests['evaluate.model']);
    const [entry] = await registry.ledger('stock-direction');
    expect(entry).toMatchObject({ run: first.outcome.id, evidence: first.digests['evaluate.verdict'], reason: first.task('evaluate').results['reason'] });

    expect((await run(there)).digests).toEqual(first.digests);

    const again = await run(here);
    expect(again.tasks.map(({ task, cached }) => [task, cached])).toEqual(again.tasks.map(({ task }) => [task, true]));
    expect(again.digests).toEqual(first.digests);
  }, LONG);

  it('compares with the model in production as soon as anything differs', async () => {
    const folder = await rig.make();
    const first = await run(folder, ONE);
    expect(first.task('evaluate').parameters['champion']).toBe('');
    const dearer = await run(folder, { ...ONE, costBasisPoints: 5 });
    expect(dearer.task('evaluate').parameters['champion']).toBe(first.digests['evaluate.model']);
    expect(dearer.task('evaluate').results).toMatchObject({ decision: 'keep' });
    expect(dearer.outcome.tasks.find(({ node }) => node === 'deploy')?.status).toBe('Skipped');
  }, LONG);

  it('deploys again after a move by hand, and takes all else from the cache', async () => {
    const folder = await rig.make();
    const first = await run(folder, ONE);
    const store = await openDirectoryStore(join(folder, 'store'));
    const registry = openRegistry(store);
    const { version } = await registry.registerVersion('stock-direction', { artifact: { type: 'file', ...(await store.putObject('another model')) } });
    await registry.promote('stock-direction', { version, alias: 'production', expected: 1, decision: 'manual', reason: 'To see what happens' });
    await registry.rollback('stock-direction', 'production', { reason: 'It was no model' });

    const after = await run(folder, ONE);
    expect(after.outcome.status).toBe('Succeeded');
    expect(after.tasks.filter(({ cached }) => !cached).map(({ task }) => task)).toEqual(['deploy']);
    expect([first, after].map((ran) => ran.task('deploy').parameters['since'])).toEqual(['0', '3']);
    expect((await run(folder, ONE)).tasks.every(({ cached }) => cached)).toBe(true);
  }, LONG);

  it('trains and chooses the same model whatever the test days hold', async () => {
    const bars = sp500();
    const plain = await run(await rig.make(), { source: await writeCsv(rig, bars) });
    // The test part begins on 2016-06-22.
    const other = await run(await rig.make(), { source: await writeCsv(rig, turned(bars, '2016-07-01')) });
    for (const name of ['train(0).model', 'train(1).model', 'evaluate.model']) expect(other.digests[name], name).toBe(plain.digests[name]);
    expect(other.digests['featurize.table']).not.toBe(plain.digests['featurize.table']);
    expect(other.task('evaluate').results['accuracy']).not.toBe(plain.task('evaluate').results['accuracy']);
  }, LONG);

  it('sets broken rows aside and goes on; stops when there are too many', async () => {
    const bars = sp500();
    for (const row of [100, 2000, 4000]) bars.close[row] = Number.NaN;
    const some = await run(await rig.make(), { ...ONE, source: await writeCsv(rig, bars) });
    expect(some.outcome.status).toBe('Succeeded');
    expect(some.task('validate').results).toMatchObject({ rows: 5102, quarantined: 3 });
    expect(some.task('featurize').status).toBe('Succeeded');

    for (let row = 0; row < 100; row++) bars.volume[row] = -1;
    const many = await run(await rig.make(), { ...ONE, source: await writeCsv(rig, bars) });
    expect(many.outcome.tasks.map(({ node, status }) => [node, status])).toEqual([
      ['ingest', 'Succeeded'], ['validate', 'Failed'], ['featurize', 'Omitted'], ['train', 'Omitted'], ['evaluate', 'Omitted'], ['deploy', 'Omitted'],
    ]);
    const { reason, attempts } = many.task('validate');
    expect(reason).toMatchObject({ code: 'PW503' });
    expect(reason!.message).toMatch(/^The data is not fit for use: 10[23] of 5105 rows would be set aside/);
    // Bad data stays bad: it is not tried again.
    expect(attempts).toHaveLength(1);
  }, LONG);
});

/** The same bars, but from a day on every price is another. */
function turned(bars: Bars, from: string): Bars {
  const start = bars.date.indexOf(from);
  const changed = takeRows(bars, Array.from(bars.date, (_, row) => row));
  for (let row = start; row < bars.date.length; row++) {
    const source = bars.date.length - 1 - (row - start);
    for (const column of ['open', 'high', 'low', 'close', 'volume'] as const) changed[column][row] = bars[column][source]!;
  }
  return changed;
}
