import { fitLogistic, predictLogistic } from '../../model/baselines/logistic.ts';
import { matrixOfColumns, type Matrix } from '../../model/matrix.ts';
import { applyNormalisation, fitNormalisation } from '../../model/normalise.ts';
import { compileEstimator, type Predictor } from '../../model/predictor/index.ts';
import type { Fold, RowRange } from '../../model/splits/index.ts';
import type { LabelledRows, Target } from '../../model/training/index.ts';
import { trainCandidate, type KnownRows, type TrainOptions } from '../../steps/train/train-candidate.ts';
import { takeRows, takeValues, type BacktestTable } from './table.ts';

/** Copies the training and validation rows of a fold out of the table, so that nothing further down can look at a test row. */
export function takeKnownRows({ features, labels, forwardReturns }: BacktestTable, { train, validation }: Fold, target: Target): KnownRows {
  const answers = target === 'return' ? forwardReturns : labels;
  const take = (ranges: readonly RowRange[]): LabelledRows => ({ x: takeRows(features, ranges), y: takeValues(answers, ranges) });
  return { train: take(train), validation: take(validation) };
}

/** Fits a candidate as the step train does. The answer takes features as they are. Throws RangeError as `trainCandidate`. */
export async function fitFold(known: KnownRows, options: TrainOptions): Promise<Predictor> {
  const trained = await trainCandidate(known, options);
  return compileEstimator(trained.estimator, trained);
}

/** As many as the baseline of the step evaluate looks at. */
const LAGS = 5;

/** Simple returns of the last five days, one row per row of the table; the first five rows are not complete. */
export function laggedReturns(close: Float64Array): Matrix {
  const lags = Array.from({ length: LAGS }, (_, lag) => lag);
  return matrixOfColumns(lags.map(String), lags.map((lag) => close.map((_, row) => (row > lag ? close[row - lag]! / close[row - lag - 1]! - 1 : NaN))));
}

/**
 * The lagged logistic regression of `model/baselines` for training rows with test rows between them: the same features,
 * normalisation and fit. Probabilities of up, one per row of `test`.
 */
export function forecastLagged(lagged: Matrix, labels: Float64Array, train: readonly RowRange[], test: readonly RowRange[]): Float64Array {
  const known = takeRows(lagged, train);
  const normalisation = fitNormalisation(known, { from: 0, to: known.rows });
  const fit = fitLogistic(applyNormalisation(known, normalisation), takeValues(labels, train));
  return predictLogistic(fit, applyNormalisation(takeRows(lagged, test), normalisation));
}
