import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BacktestOptions } from '../../../cli/backtest.ts';
import { carryOutBacktest } from '../../../cli/backtest/run.ts';
import { demandChecked } from '../../../dsl/check/index.ts';
import { pipeline } from '../../../dsl/index.ts';
import { createInlineExecutor, runPipeline } from '../../../dsl/local/index.ts';
import { digestOf, type Json } from '../../../dsl/util/index.ts';
import { featurize } from '../../../steps/featurize/contract.ts';
import { ingest } from '../../../steps/ingest/contract.ts';
import { train } from '../../../steps/train/contract.ts';
import { openDirectoryStore } from '../../../store/index.ts';
import { createRig, type Rig } from '../../steps/rig.ts';
import { QUICK } from './markets.ts';

const small = demandChecked(pipeline('small', {}, ({ task }) => {
  const { prices } = task(ingest, { source: 'synthetic:signal?days=2400&strength=0.8&seed=3' });
  const { table, definition } = task(featurize, { prices });
  task(train, { features: table, definition, candidate: QUICK, seed: 7 });
}));
const without = demandChecked(pipeline('without', {}, ({ task }) => {
  task(ingest, { source: 'synthetic:signal?days=100&strength=0.8&seed=3' });
}));

describe('pipewright backtest', () => {
  let rig: Rig;
  let folder: string;
  const run = async (checked: typeof small): Promise<string> => {
    const store = await openDirectoryStore(join(folder, 'store'));
    const { id, status } = await runPipeline(checked, { parameters: {}, folder, store, executor: createInlineExecutor(), code: async () => digestOf('code'), environment: { PIPEWRIGHT_STORE: join(folder, 'store') } });
    expect(status).toBe('Succeeded');
    return id;
  };
  let id: string;
  let lesser: string;
  beforeAll(async () => {
    rig = await createRig();
    folder = join(rig.folder, 'runs');
    lesser = await run(without);
    id = await run(small);
  });
  afterAll(() => rig.remove());
  afterEach(() => vi.restoreAllMocks());

  const told = { out: '', err: '' };
  const call = async (wanted: string, given: Partial<BacktestOptions> = {}): Promise<number> => {
    [told.out, told.err] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((told.out += String(chunk)), true));
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((told.err += String(chunk)), true));
    return carryOutBacktest(wanted, { folder, split: 'walk-forward', folds: 2, output: 'table', ...given });
  };

  it('tells figures beside their baselines, and writes a page that needs nothing else', async () => {
    expect(await call('latest')).toBe(0);
    expect(told.out).toMatch(/^Fold by fold: logistic, rate 0\.01, l2 0\.003\n/);
    expect(told.out).toContain('1 candidate tried, and none was chosen');
    expect(told.out).toMatch(/\n {2}buy and hold /);
    expect(told.out).toMatch(/right more often than the majority forecast +McNemar/);
    expect(told.err).toBe('fold 1 of 2, candidate 1 of 1\nfold 2 of 2, candidate 1 of 1\nmeasuring\n');
    const page = await readFile(join(folder, 'runs', id, 'backtest-walk-forward-2.html'), 'utf8');
    expect(page.match(/<h4>[^<]+/g)!.slice(0, 3)).toEqual(['<h4>What each fold learns from and is judged on: walk-forward', '<h4>Capital on judged days', '<h4>Accuracy, with 95 % intervals']);
    expect(page.indexOf('<figure')).toBeLessThan(page.indexOf('<details class="figure-table"'));
    expect(page).not.toMatch(/(src|href)="(?!#)/);
  });

  it('is JSON alone for a program, with the paths of combinatorial-purged', async () => {
    const out = join(rig.folder, 'deep', 'page.html');
    const candidates = JSON.stringify([QUICK, { ...QUICK, l2: 0.5 }]);
    expect(await call(id, { split: 'combinatorial-purged', folds: 3, testFolds: 2, candidates, output: 'json', out, seed: 2 })).toBe(0);
    const found = JSON.parse(told.out) as Record<string, any>;
    expect(found).toMatchObject({ format: 'pipewright/backtest/1', run: id, split: 'combinatorial-purged', folds: [{}, {}, {}], testFolds: 2, seed: 2, tried: 2, guards: { purgeDays: 1 }, page: out });
    expect(found['candidates'][1].candidate.l2).toBe(0.5);
    expect(found['candidates'][0].paths.count).toBe(2);
    expect(found['deflated'].trials).toBe(2);
    expect(await readFile(out, 'utf8')).toContain('Sharpe ratio over all paths');
  });

  it('takes the seed of the run, and the same seed gives the same figures', async () => {
    const figures = async (given: Partial<BacktestOptions>): Promise<Json> => {
      await call(id, { output: 'json', ...given });
      return JSON.parse(told.out) as Json;
    };
    expect(await figures({})).toEqual(await figures({ seed: 7 }));
  });

  it('ends at a Ctrl-C with 130', async () => {
    const before = process.listenerCount('SIGINT');
    const ended = call(id, { folds: 4 });
    await vi.waitFor(() => expect(told.err).toContain('fold 1'));
    process.emit('SIGINT');
    expect(await ended).toBe(130);
    expect(told.err).toMatch(/cancelled\n$/);
    expect([told.out, process.listenerCount('SIGINT')]).toEqual(['', before]);
  });

  it('says what is missing', async () => {
    await expect(call(lesser)).rejects.toThrow(`PW903: The run ${lesser} of without has no feature table: no step featurize succeeded in it.`);
    await expect(call('zzzz')).rejects.toThrow(/^PW903: There is no run "zzzz"/);
    await expect(call(id, { folds: 90 })).rejects.toThrow(/^PW504: \d+ rows are too few for 90 folds of walk-forward: fold 1 has \d+ test rows, and 20 are the least\./);
    await expect(call(id, { candidates: '{}' })).rejects.toThrow('PW901: The candidates are no list with at least one of them.');
    await expect(call(id, { out: join(folder, 'runs', id, 'run.json', 'page.html') })).rejects.toThrow(/^PW901: The page .* cannot be written: E/);
  });
});
