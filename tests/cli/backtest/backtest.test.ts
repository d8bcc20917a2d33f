import { beforeAll, describe, expect, it } from 'vitest';
import { randomWalk } from '../../../cli/canary/markets.ts';
import { forecastFolds } from '../../../cli/backtest/forecast-folds.ts';
import { forecastLagged, laggedReturns, takeKnownRows } from '../../../cli/backtest/fit-fold.ts';
import type { BacktestTable } from '../../../cli/backtest/table.ts';
import { laggedLogistic } from '../../../model/baselines.ts';
import { defaultFeatureSet, featureColumns } from '../../../model/features/index.ts';
import { findSplitLeak } from '../../../model/guards/index.ts';
import type { MeasuredFigure } from '../../../model/metrics/index.ts';
import { countRows, pictureOfFolds, type Fold, type RowRange } from '../../../model/splits/index.ts';
import { knownRows, takeSeenRows } from '../../../steps/train/seen-rows.ts';
import { backtest, datasetOf, expectPlanted, divided, featureTable, LONGEST_WINDOW, QUICK, SPLITS } from './markets.ts';

let walk: BacktestTable;
beforeAll(() => {
  walk = featureTable(randomWalk(1_000));
});

const rowsOf = (ranges: readonly RowRange[]): number[] => ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, at) => from + at));

describe('the folds of a backtest', () => {
  it.each(SPLITS.flatMap((split) => [1, 5].map((horizonDays) => ({ split, horizonDays }))))('$split, labels over $horizonDays days: purge and embargo hold for every known row', ({ split, horizonDays }) => {
    const { folds, judged, guards } = divided(split, featureTable(randomWalk(1_000), horizonDays), 5);
    expect(guards).toEqual({ purgeDays: horizonDays, embargoDays: LONGEST_WINDOW });
    expect(folds).toHaveLength(split === 'combinatorial-purged' ? 10 : 5);
    for (const fold of folds) {
      const test = new Set(rowsOf(fold.test));
      // No label of one reaches into a label of the other, and no feature of a later row sees what decided a judged label.
      const near = (row: number): boolean => Array.from({ length: 2 * horizonDays + LONGEST_WINDOW + 1 }, (_, at) => row + horizonDays - at).some((other) => test.has(other));
      expect(rowsOf([...fold.train, ...fold.validation]).filter(near)).toEqual([]);
      const lastTrain = rowsOf(fold.train).at(-1)!;
      expect(rowsOf(fold.validation)[0]! - lastTrain).toBeGreaterThan(horizonDays);
    }
    const days = folds.flatMap(({ test }) => rowsOf(test));
    expect([Math.min(...days), Math.max(...days) + 1]).toEqual([judged.from, judged.to]);
  });

  it.each(['walk-forward', 'rolling'] as const)('%s: the split guard finds nothing, and would', (split) => {
    const { folds } = divided(split, walk);
    const leak = (fold: Fold): string | undefined => {
      const part = walk.dates.map(() => 'none');
      for (const name of ['train', 'validation', 'test'] as const) for (const row of rowsOf(fold[name])) part[row] = name;
      return findSplitLeak(part, walk.dates, 1);
    };
    expect(folds.map(leak)).toEqual(folds.map(() => undefined));
    expect(leak({ ...folds[0]!, validation: [{ from: folds[0]!.validation[0]!.from, to: folds[0]!.test[0]!.from }] })).toContain('must be left out');
  });

  it.each(SPLITS)('%s: a picture of them has every row once', (split) => {
    for (const segments of pictureOfFolds(divided(split, walk).folds, walk.dates.length).folds) {
      expect([segments[0]!.from, segments.at(-1)!.to]).toEqual([0, walk.dates.length]);
      for (const [at, { to }] of segments.slice(0, -1).entries()) expect(segments[at + 1]!.from).toBe(to);
    }
  });

  it.each(SPLITS)('%s: too few rows for the folds are refused, with the figures', (split) => {
    expect(() => divided(split, walk, 100)).toThrow(/^PW504: \d+ rows are too few for 100 folds of /);
  });

  it.each(SPLITS)('%s: the pooled series has every answer in its place', (split) => {
    const { folds, judged, pool } = divided(split, walk);
    const series = pool(folds.map(({ test }) => Float64Array.from(rowsOf(test))));
    expect(series).toHaveLength(split === 'combinatorial-purged' ? 3 : 1);
    for (const one of series) expect(Array.from(one)).toEqual(rowsOf([judged]));
  });
});

describe('the model of a fold', () => {
  it('is trained on the very rows that the step train would take from such a table', () => {
    const dataset = datasetOf(randomWalk(1_000));
    const part = dataset.texts('part');
    const range = (name: string): RowRange => ({ from: part.indexOf(name), to: part.lastIndexOf(name) + 1 });
    const fold: Fold = { train: [range('train')], validation: [range('validation')], test: [range('test')], purged: [], embargoed: [] };
    for (const target of ['direction', 'return'] as const) {
      expect(takeKnownRows(walk, fold, target)).toEqual(knownRows(takeSeenRows(dataset, featureColumns(defaultFeatureSet), 1, target)));
    }
  });

  it.each(SPLITS)('%s: does not change when the answers of its test rows are turned round', async (split) => {
    const division = divided(split, walk, 3);
    const { test } = division.folds[0]!;
    const turned = new Set(rowsOf(test));
    const turn = (values: Float64Array, how: (value: number) => number): Float64Array => values.map((value, row) => (turned.has(row) ? how(value) : value));
    const other: BacktestTable = { ...walk, labels: turn(walk.labels, (label) => 1 - label), forwardReturns: turn(walk.forwardReturns, (value) => -value), nextReturns: turn(walk.nextReturns, (value) => -value) };
    const candidates = [QUICK, { architecture: 'gradient-boosted-trees', learningRate: 0.1, maxTrees: 3, target: 'return' }] as const;
    const [before, after] = [await forecastFolds(walk, division, { candidates, seed: 1 }), await forecastFolds(other, division, { candidates, seed: 1 })];
    const { labels: was, ...said } = before[0]!;
    const { labels: is, ...saidAfter } = after[0]!;
    expect(saidAfter).toEqual(said);
    expect(is).not.toEqual(was);
    // They are learned from elsewhere, so that the comparison could have failed.
    expect(after.slice(1).some((fold, at) => fold.candidates.some((own, which) => own.some((value, row) => value !== before[at + 1]!.candidates[which]![row])))).toBe(true);
  });

  it('stands beside the lagged logistic regression of model/baselines', () => {
    const [train, test] = [{ from: 5, to: 700 }, { from: 710, to: 900 }];
    expect(forecastLagged(laggedReturns(walk.close), walk.labels, [train], [test])).toEqual(laggedLogistic(walk.close, walk.labels, train, test));
    expect(forecastLagged(laggedReturns(walk.close), walk.labels, [{ from: 5, to: 400 }, { from: 400, to: 700 }], [test])).toEqual(laggedLogistic(walk.close, walk.labels, train, test));
  });

  it('is refused with a code where nothing can be learned', async () => {
    const flat = { ...walk, labels: walk.labels.map((label) => (Number.isNaN(label) ? label : 1)) };
    await expect(forecastFolds(flat, divided('walk-forward', walk), { candidates: [QUICK], seed: 1 })).rejects.toThrow(/^PW505: All \d+ training labels are 1/);
  });

  it('stops at a Ctrl-C', async () => {
    const stop = new AbortController();
    const fits: number[] = [];
    const work = forecastFolds(walk, divided('walk-forward', walk), { candidates: [QUICK], seed: 1, signal: stop.signal, onFit: (fold) => { fits.push(fold); if (fold === 1) stop.abort(); } });
    await expect(work).rejects.toThrow(/abort/);
    expect(fits).toEqual([0, 1]);
  });
});

describe('what a backtest says', () => {
  it.each(SPLITS)('%s: a random walk is chance', async (split) => {
    const { candidates, folds, baselines } = await backtest(walk, split);
    const { value, interval } = candidates[0]!.forecast.figures.accuracy as MeasuredFigure;
    expect(interval!.lower).toBeLessThan(0.5);
    expect(interval!.upper).toBeGreaterThan(0.5);
    expect(Math.abs(value - 0.5)).toBeLessThan(0.04);
    expect((candidates[0]!.forecast.figures.logLoss as MeasuredFigure).value).toBeGreaterThan((baselines[0]!.figures.logLoss as MeasuredFigure).value - 0.005);
    expect(folds.reduce((sum, { testDays }) => sum + testDays, 0)).toBeGreaterThan(1_000);
  });

  it('a planted signal is far above it', async () => {
    await expectPlanted('walk-forward', 2);
  });

  it('is the same again for the same seed', async () => {
    const division = divided('walk-forward', walk, 2);
    const again = async (seed: number) => forecastFolds(walk, division, { candidates: [QUICK], seed });
    expect(await again(3)).toEqual(await again(3));
    expect((await again(4))[0]!.candidates).not.toEqual((await again(3))[0]!.candidates);
    expect(countRows(division.folds[0]!.test)).toBeGreaterThan(0);
  });
});
