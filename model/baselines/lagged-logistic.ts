import { matrixOfColumns, type Matrix } from '../matrix.ts';
import { applyNormalisation, fitNormalisation } from '../normalise.ts';
import { fitLogistic, predictLogistic } from './logistic.ts';

interface Rows {
  readonly from: number;
  readonly to: number;
}

/** How many past days the baseline looks at: a trading week. */
const LAGS = 5;

/**
 * The simplest model that looks at prices: a logistic regression on the returns of the last five days. What a larger
 * model shows beyond it, it has learnt from something else than yesterday's returns.
 *
 * `close` and `labels` are columns of the feature table, in step; row t knows closes up to t. It is fitted on the rows
 * `train` alone, normalisation included, and gives the probability of up for the rows `judged`. Throws RangeError for a
 * part that begins before row 5 or ends after the table, and as `fitLogistic`.
 */
export function laggedLogistic(close: Float64Array, labels: Float64Array, train: Rows, judged: Rows): Float64Array {
  for (const { from, to } of [train, judged]) {
    if (from >= LAGS && from <= to && to <= close.length) continue;
    throw new RangeError(`Returns of ${LAGS} days cannot be computed for rows ${from} to ${to} of ${close.length}.`);
  }
  const known = laggedReturns(close, train);
  const normalisation = fitNormalisation(known, { from: 0, to: known.rows });
  const fit = fitLogistic(applyNormalisation(known, normalisation), labels.subarray(train.from, train.to));
  return predictLogistic(fit, applyNormalisation(laggedReturns(close, judged), normalisation));
}

function laggedReturns(close: Float64Array, { from, to }: Rows): Matrix {
  const lags = Array.from({ length: LAGS }, (_, lag) => lag);
  const columns = lags.map((lag) => Float64Array.from({ length: to - from }, (_, at) => close[from + at - lag]! / close[from + at - lag - 1]! - 1));
  return matrixOfColumns(lags.map((lag) => `return ${lag} days ago`), columns);
}
