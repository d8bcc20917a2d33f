import { alwaysUp, baseRate, majority, persistence, type Baseline } from '../../model/baselines.ts';
import {
  buyAndHold, classificationReport, positionsOf, sharpeRatio, simulateTrading, tradingReport,
  type ClassificationReport, type TradingReport, type TradingRun,
} from '../../model/metrics/index.ts';
import type { RowRange } from '../../model/splits/index.ts';
import { defaultBlockLength, stationaryBootstrap, type BootstrapInterval } from '../../model/statistics/index.ts';
import { predictRange } from './choose.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/** One forecaster on the judged days. */
export interface Judged {
  readonly name: string;
  /** Probability of up, one per judged day; of a forecaster that only names a direction, 0 and 1. */
  readonly probabilities: Float64Array;
  readonly classification: ClassificationReport;
  /** False where the probabilities are only directions: then what judges probabilities means nothing. */
  readonly isProbabilistic: boolean;
}

/** One strategy on the judged days, after costs. */
export interface Strategy {
  readonly name: string;
  readonly run: TradingRun;
  readonly report: TradingReport;
  /** 95 % interval of the annualised Sharpe ratio; null when it has none. */
  readonly sharpeInterval: BootstrapInterval | null;
}

export interface Judgement {
  readonly rows: RowRange;
  readonly labels: Float64Array;
  /** Share of up days in training. */
  readonly baseRate: number;
  /** The chosen model first, then the model in production if there is one, then baselines. */
  readonly forecasters: readonly Judged[];
  /** The chosen model first, buy and hold second. */
  readonly strategies: readonly Strategy[];
  readonly majority: Baseline;
}

export interface JudgeOptions {
  readonly rows: RowRange;
  readonly horizonDays: number;
  readonly costBasisPoints: number;
  readonly seed: number;
}

/** All figures of the chosen model on the judged days, each beside the same figure of its baselines. */
export function judge(model: ReadModel, champion: ReadModel | undefined, table: Table, options: JudgeOptions): Judgement {
  const { rows, horizonDays, costBasisPoints, seed } = options;
  const days = rows.to - rows.from;
  const labels = table.labels.subarray(rows.from, rows.to);
  const rate = baseRate(table.labels.subarray(table.parts.train.from, table.parts.train.to));
  const ofClasses = ({ name, predicted }: Baseline): Judged => judgeForecaster(name, labels, Float64Array.from(predicted), false);
  const most = majority(rate, days);
  const forecasters = [
    judgeForecaster('chosen model', labels, predictRange(model, table, rows), true),
    ...(champion ? [judgeForecaster('model in production', labels, predictRange(champion, table, rows), true)] : []),
    judgeForecaster('base rate', labels, new Float64Array(days).fill(rate), true),
    ...[most, alwaysUp(days), persistence(table.close, horizonDays, rows)].map(ofClasses),
  ];
  const returns = table.nextReturns.subarray(rows.from, rows.to);
  const strategies = [
    ...forecasters.filter(({ isProbabilistic, name }) => isProbabilistic && name !== 'base rate').map(({ name, probabilities }) => ({ name, probabilities })),
    { name: 'persistence', probabilities: forecasters.at(-1)!.probabilities },
  ].map(({ name, probabilities }) => judgeStrategy(name, simulateTrading(positionsOf(probabilities), returns, costBasisPoints), horizonDays, seed));
  const held = judgeStrategy('buy and hold', buyAndHold(returns, costBasisPoints), horizonDays, seed);
  return { rows, labels, baseRate: rate, forecasters, strategies: [strategies[0]!, held, ...strategies.slice(1)], majority: most };
}

function judgeForecaster(name: string, labels: Float64Array, probabilities: Float64Array, isProbabilistic: boolean): Judged {
  return { name, probabilities, classification: classificationReport(labels, probabilities), isProbabilistic };
}

function judgeStrategy(name: string, run: TradingRun, horizonDays: number, seed: number): Strategy {
  const report = tradingReport(run);
  const days = run.daily.length;
  // A resample may happen to have no variation; it has no ratio, and 0 is what it stands for.
  const ratio = (daily: Float64Array): number => sharpeRatio(daily) ?? 0;
  const sharpeInterval =
    report.sharpeRatio === null || days < 2
      ? null
      : stationaryBootstrap(run.daily, { confidence: 0.95, seed, resamples: 1_000, meanBlockLength: defaultBlockLength(days, horizonDays) }, ratio);
  return { name, run, report, sharpeInterval };
}
