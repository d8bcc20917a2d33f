import { alwaysUp, baseRateRandom, expandingBaseRate, laggedLogistic, majority, persistence, type Baseline } from '../../model/baselines.ts';
import { buyAndHold, positionsOf, simulateTrading, type TradingRun } from '../../model/metrics/index.ts';
import type { RowRange } from '../../model/splits/index.ts';
import { predictRange } from './choose.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/** What one forecaster says of the judged days. */
export interface Forecast {
  readonly name: string;
  /** Probability of up, one per judged day; of a forecaster that only names a direction, 0 and 1. */
  readonly probabilities: Float64Array;
  /** False where the probabilities are only directions: then what judges probabilities means nothing. */
  readonly isProbabilistic: boolean;
}

/** What one strategy earns on the judged days, after costs. */
export interface Strategy {
  readonly name: string;
  readonly run: TradingRun;
}

/** What is judged, on the same days: the chosen model and everything that it stands beside. Figures are for `measure`. */
export interface Judgement {
  readonly rows: RowRange;
  readonly labels: Float64Array;
  /** Share of up days as it was known on the first judged day; the base rate's forecast goes on from there. */
  readonly baseRate: number;
  /** The chosen model first, then the model in production if there is one, then baselines. */
  readonly forecasts: readonly Forecast[];
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

export const CHOSEN = 'chosen model';
export const IN_PRODUCTION = 'model in production';
export const BASE_RATE = 'base rate';
export const LAGGED_LOGISTIC = 'lagged logistic';

/** Days before the first row whose returns the lagged logistic regression looks at. */
const LAGS = 5;

/**
 * Lets the chosen model and its baselines forecast the judged days. A model knows training and validation rows, so its
 * baselines do, too: the lagged logistic regression is fitted on both, and the base rate counts both, from the first row of
 * either, and goes on while the days are judged. Otherwise a market that drifts would pass for skill.
 */
export function judge(model: ReadModel, champion: ReadModel | undefined, table: Table, { rows, horizonDays, costBasisPoints, seed }: JudgeOptions): Judgement {
  const days = rows.to - rows.from;
  const { train, validation } = table.parts;
  const rates = expandingBaseRate(table.labels, [train.from, validation.from], rows, horizonDays);
  const most = majority(rates, days);
  const lagged = laggedLogistic(table.close, table.labels, { from: Math.max(train.from, LAGS), to: validation.to }, rows);
  const ofClasses = ({ name, predicted }: Baseline): Forecast => ({ name, probabilities: Float64Array.from(predicted), isProbabilistic: false });
  const ofProbabilities = (name: string, probabilities: Float64Array): Forecast => ({ name, probabilities, isProbabilistic: true });
  const forecasts = [
    ofProbabilities(CHOSEN, predictRange(model, table, rows)),
    ...(champion ? [ofProbabilities(IN_PRODUCTION, predictRange(champion, table, rows))] : []),
    ofProbabilities(BASE_RATE, rates),
    ofProbabilities(LAGGED_LOGISTIC, lagged),
    ...[most, alwaysUp(days), persistence(table.close, horizonDays, rows), baseRateRandom(rates, days, seed)].map(ofClasses),
  ];
  const returns = table.nextReturns.subarray(rows.from, rows.to);
  const traded = [CHOSEN, IN_PRODUCTION, LAGGED_LOGISTIC, 'persistence'];
  const [own, ...others] = forecasts
    .filter(({ name }) => traded.includes(name))
    .map(({ name, probabilities }): Strategy => ({ name, run: simulateTrading(positionsOf(probabilities), returns, costBasisPoints) }));
  return {
    rows,
    labels: table.labels.subarray(rows.from, rows.to),
    baseRate: rates[0]!,
    forecasts,
    strategies: [own!, { name: 'buy and hold', run: buyAndHold(returns, costBasisPoints) }, ...others],
    majority: most,
  };
}
