import { expect } from 'vitest';
import { plantedSignal } from '../../../cli/canary/markets.ts';
import type { MeasuredFigure } from '../../../model/metrics/index.ts';
import type { Bars } from '../../../model/bars.ts';
import { defaultFeatureSet, featureColumns, requiredBars } from '../../../model/features/index.ts';
import type { Dataset } from '../../../steps/runtime/dataset.ts';
import { buildTable } from '../../../steps/featurize/build-table.ts';
import type { Candidate } from '../../../steps/train/contract.ts';
import { divide, SPLITS, type Division, type SplitName } from '../../../cli/backtest/divide.ts';
import { forecastFolds } from '../../../cli/backtest/forecast-folds.ts';
import { measureBacktest, type Measured } from '../../../cli/backtest/measure.ts';
import { tableOf, type BacktestTable } from '../../../cli/backtest/table.ts';

export const LONGEST_WINDOW = requiredBars(defaultFeatureSet);

/** Small and quick; enough to learn that a day goes where the day before it went. */
export const QUICK: Candidate = { architecture: 'logistic', learningRate: 0.01, l2: 0.003, batchSize: 256, maxEpochs: 6, patience: 3 };

/** The table as featurize writes it, as the steps read it. */
export function datasetOf(bars: Bars, horizonDays = 1): Dataset {
  const { columns } = buildTable({ bars, symbol: '', times: undefined }, undefined, defaultFeatureSet, { horizonDays, trainShare: 0.65, validationShare: 0.15, decisionMinutes: 0, maximumAgeDays: 7 });
  return {
    rows: columns['date']!.length,
    names: Object.keys(columns),
    texts: (name) => columns[name] as readonly string[],
    numbers: (name) => Float64Array.from(columns[name] as Float64Array),
  };
}

export function featureTable(bars: Bars, horizonDays = 1): BacktestTable {
  return tableOf(datasetOf(bars, horizonDays), featureColumns(defaultFeatureSet), horizonDays);
}

export function divided(split: SplitName, { dates, horizonDays }: BacktestTable, folds = 4): Division {
  return divide({ split, folds, testFolds: 2, rows: dates.length, horizonDays, longestWindow: LONGEST_WINDOW });
}

export async function backtest(table: BacktestTable, split: SplitName, candidates: readonly Candidate[] = [QUICK], folds = 4): Promise<Measured> {
  const division = divided(split, table, folds);
  const forecasts = await forecastFolds(table, division, { candidates, seed: 1 });
  return measureBacktest(table, division, forecasts, { candidates, costBasisPoints: 2, resamples: 100, seed: 1 });
}

/** On a market whose next direction follows the last in 65 % of days. */
export async function expectPlanted(split: SplitName, folds: number): Promise<void> {
  const learner: Candidate = { ...QUICK, learningRate: 0.03, batchSize: 128, maxEpochs: 12 };
  const { candidates, baselines, best, deflated } = await backtest(featureTable(plantedSignal(9_000)), split, [learner, { ...QUICK, learningRate: 1e-6, maxEpochs: 1 }], folds);
  const { accuracy, logLoss } = candidates[0]!.forecast.figures as Record<string, MeasuredFigure>;
  expect(accuracy!.interval!.lower).toBeGreaterThan(0.55);
  expect(logLoss!.interval!.upper).toBeLessThan((baselines[0]!.figures.logLoss as MeasuredFigure).value);
  expect(best).toBe(0);
  expect(deflated!.trials).toBe(2);
  const { paths } = candidates[0]!;
  if (split !== 'combinatorial-purged') {
    expect(paths).toBeUndefined();
    return;
  }
  expect(paths!.count).toBe(folds - 1);
  expect(paths!.accuracy.least).toBeGreaterThan(0.55);
  expect(paths!.sharpeRatio!.least).toBeLessThanOrEqual(paths!.sharpeRatio!.median);
  expect(paths!.sharpeRatio!.median).toBeLessThanOrEqual(paths!.sharpeRatio!.largest);
}

export { SPLITS };
