import { accuracy, brierScore, buyAndHold, confusionMatrix, forecastFigures, logLoss, positionsOf, predictedClasses, sharpeRatio, simulateTrading, tradingFigures, type Figure, type ForecastFigureName, type TradingFigureName, type TradingRun } from '../../model/metrics/index.ts';
import { countRows } from '../../model/splits/index.ts';
import { deflatedSharpe, estimateSharpe, type DeflatedSharpe } from '../../model/statistics/index.ts';
import { describeSettings } from '../../model/training/index.ts';
import { compare, type Comparison } from '../../steps/evaluate/compare.ts';
import { BASE_RATE, LAGGED_LOGISTIC, type Forecast } from '../../steps/evaluate/judge.ts';
import { settingsOf, type Candidate } from '../../steps/train/candidate.ts';
import type { Division } from './divide.ts';
import type { FoldForecasts } from './forecast-folds.ts';
import type { BacktestTable } from './table.ts';

/** Of one forecaster in one fold. */
export interface FoldScore {
  readonly accuracy: number;
  readonly logLoss: number;
  readonly brierScore: number;
}

export interface MeasuredFold {
  /** Rows that a model of the fold knows: what it learned from, and what stopped it. */
  readonly trainDays: number;
  readonly validationDays: number;
  readonly testDays: number;
  /** First and last judged day; with several judged groups there are others between them. */
  readonly from: string;
  readonly to: string;
  /** Of the rows that a model of the fold knows. */
  readonly upShare: number;
  readonly baseRate: FoldScore;
  /** It names directions alone. */
  readonly majority: Pick<FoldScore, 'accuracy'>;
  readonly laggedLogistic: FoldScore;
}

export interface PooledForecast {
  readonly name: string;
  readonly figures: Partial<Readonly<Record<ForecastFigureName, Figure>>>;
}

export interface PooledStrategy {
  readonly name: string;
  readonly figures: Readonly<Record<TradingFigureName, Figure>>;
}

/** Least, median and largest over the paths. */
export interface Spread {
  readonly least: number;
  readonly median: number;
  readonly largest: number;
}

export interface MeasuredCandidate {
  readonly name: string;
  readonly candidate: Candidate;
  readonly folds: readonly (FoldScore & { readonly interval: Figure })[];
  readonly forecast: PooledForecast;
  readonly strategy: PooledStrategy;
  readonly tests: readonly Comparison[];
  /** Of `combinatorial-purged`. A path on which profits never vary has no Sharpe ratio, and then there is no spread of it. */
  readonly paths?: { readonly count: number; readonly accuracy: Spread; readonly sharpeRatio: Spread | null };
  /** Capital at the end of every judged day, of each path. */
  readonly equity: readonly Float64Array[];
}

export interface Measured {
  readonly folds: readonly MeasuredFold[];
  readonly candidates: readonly MeasuredCandidate[];
  /** Base rate, lagged logistic, majority. */
  readonly baselines: readonly PooledForecast[];
  readonly held: PooledStrategy & { readonly equity: Float64Array };
  /** Index of the lowest pooled log-loss, the first of equals. It is told, and nothing is done with it. */
  readonly best: number;
  /** Of the strategy of that candidate; null where its profits never vary. */
  readonly deflated: DeflatedSharpe | null;
}

export interface MeasureOptions {
  readonly candidates: readonly Candidate[];
  readonly costBasisPoints: number;
  /** Of every interval of pooled figures; those of folds have half as many. */
  readonly resamples: number;
  readonly seed: number;
}

const OF_DIRECTIONS = ['accuracy', 'balancedAccuracy'] as const;
const OF_PROBABILITIES = [...OF_DIRECTIONS, 'areaUnderRoc', 'brierScore', 'logLoss'] as const;

/**
 * Scores the folds, and pools their forecasts into one series that judges every row once. Where there are several such
 * series, the pooled figures are those of the first, which is fixed before anything is seen: together they would count a
 * day as often as there are paths, and the mean of their forecasts would be another model.
 */
export function measureBacktest(table: BacktestTable, division: Division, forecasts: readonly FoldForecasts[], { candidates, costBasisPoints, resamples, seed }: MeasureOptions): Measured {
  const { horizonDays } = table;
  const { judged } = division;
  const options = { horizonDays, resamples, seed };
  const labels = table.labels.subarray(judged.from, judged.to);
  const returns = table.nextReturns.subarray(judged.from, judged.to);
  const pool = (of: (fold: FoldForecasts) => Float64Array): readonly Float64Array[] => division.pool(forecasts.map(of));
  const trade = (probabilities: Float64Array): TradingRun => simulateTrading(positionsOf(probabilities), returns, costBasisPoints);

  const [rates, lagged, most] = [pool(({ baseRate }) => baseRate)[0]!, pool(({ laggedLogistic }) => laggedLogistic)[0]!, pool(({ majority }) => majority)[0]!];
  const baselines: readonly Forecast[] = [
    { name: BASE_RATE, probabilities: rates, isProbabilistic: true },
    { name: LAGGED_LOGISTIC, probabilities: lagged, isProbabilistic: true },
    { name: 'majority', probabilities: most, isProbabilistic: false },
  ];
  const measured = ({ name, probabilities, isProbabilistic }: Forecast): PooledForecast => ({ name, figures: forecastFigures(labels, probabilities, { ...options, only: isProbabilistic ? OF_PROBABILITIES : OF_DIRECTIONS }) });

  const names = namesOf(candidates, seed);
  const held = buyAndHold(returns, costBasisPoints);
  const ratios: number[] = [];
  const runs = candidates.map((_, at) => pool((fold) => fold.candidates[at]!).map((probabilities) => ({ probabilities, run: trade(probabilities) })));
  const ofCandidates = candidates.map((candidate, at): MeasuredCandidate => {
    const paths = runs[at]!;
    const { probabilities, run } = paths[0]!;
    const own: Forecast = { name: names[at]!, probabilities, isProbabilistic: true };
    const tests = compare({
      rows: judged, labels, forecasts: [own, ...baselines], strategies: [{ name: own.name, run }], baseRate: meanOf(rates), majority: { name: 'majority', predicted: Uint8Array.from(most) },
    }, horizonDays);
    const ratio = estimateSharpe(run.daily);
    if (ratio.kind === 'estimated') ratios.push(ratio.ratio);
    return {
      name: own.name,
      candidate,
      folds: forecasts.map((fold) => ({ ...score(fold.labels, fold.candidates[at]!), interval: forecastFigures(fold.labels, fold.candidates[at]!, { ...options, resamples: Math.max(100, resamples / 2), only: ['accuracy'] }).accuracy! })),
      forecast: measured(own),
      strategy: { name: own.name, figures: tradingFigures(run, options) },
      tests,
      ...(paths.length === 1 ? {} : { paths: { count: paths.length, accuracy: spreadOf(paths.map((path) => score(labels, path.probabilities).accuracy))!, sharpeRatio: spreadOf(paths.map((path) => sharpeRatio(path.run.daily))) } }),
      equity: paths.map((path) => path.run.equity),
    };
  });
  const losses = runs.map((paths) => logLoss(labels, paths[0]!.probabilities));
  const best = losses.indexOf(Math.min(...losses));
  return {
    folds: division.folds.map((fold, at) => measureFold(table, fold, forecasts[at]!)),
    candidates: ofCandidates,
    baselines: baselines.map(measured),
    held: { name: 'buy and hold', figures: tradingFigures(held, options), equity: held.equity },
    best,
    deflated: deflate(runs[best]![0]!.run, candidates.length, ratios),
  };
}

function measureFold({ dates }: BacktestTable, { train, validation, test }: Division['folds'][number], { labels, baseRate, majority, laggedLogistic }: FoldForecasts): MeasuredFold {
  return {
    trainDays: countRows(train),
    validationDays: countRows(validation),
    testDays: labels.length,
    from: dates[test[0]!.from]!,
    to: dates[test.at(-1)!.to - 1]!,
    upShare: baseRate[0]!,
    baseRate: score(labels, baseRate),
    majority: { accuracy: score(labels, majority).accuracy },
    laggedLogistic: score(labels, laggedLogistic),
  };
}

function score(labels: Float64Array, probabilities: Float64Array): FoldScore {
  return { accuracy: accuracy(confusionMatrix(labels, predictedClasses(probabilities))), logLoss: logLoss(labels, probabilities), brierScore: brierScore(labels, probabilities) };
}

/** The spread of the ratios that were really tried stands for that of luck, where there are enough of them to have one. */
function deflate({ daily }: TradingRun, tried: number, ratios: readonly number[]): DeflatedSharpe | null {
  const ratio = estimateSharpe(daily);
  if (ratio.kind === 'undefined') return null;
  const mean = meanOf(ratios);
  const deviation = Math.sqrt(ratios.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (ratios.length - 1));
  return ratios.length > 2 && deviation > 0 ? deflatedSharpe(ratio, tried, deviation) : deflatedSharpe(ratio, tried);
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length < values.length) return null;
  const middle = (sorted.length - 1) / 2;
  return { least: sorted[0]!, median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2, largest: sorted.at(-1)! };
}

function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value / values.length, 0);
}

/** What sets the candidates apart; those that these words do not tell apart are numbered. */
function namesOf(candidates: readonly Candidate[], seed: number): readonly string[] {
  const names = candidates.map((candidate) => describeSettings(settingsOf(candidate, seed)));
  return names.map((name, at) => (names.indexOf(name) === names.lastIndexOf(name) ? name : `${at + 1}: ${name}`));
}
