import { returnFigures, type Figure, type ReturnFigureName } from '../../model/metrics/index.ts';
import type { RowRange } from '../../model/splits/index.ts';
import { CHOSEN, IN_PRODUCTION } from './judge.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/** How good a forecast of the return itself is, beside its probability of up. */
export interface MeasuredReturns {
  readonly name: string;
  readonly figures: Readonly<Record<ReturnFigureName, Figure>>;
}

interface Settings {
  readonly rows: RowRange;
  readonly horizonDays: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Errors of forecast returns over the horizon on the judged days, of those models that forecast one, beside the mean of
 * the training days, against which R² is. Empty where no model forecasts a return.
 */
export function measureReturns(model: ReadModel, champion: ReadModel | undefined, table: Table, { rows, ...options }: Settings): MeasuredReturns[] {
  const forecasts = [{ name: CHOSEN, model }, ...(champion ? [{ name: IN_PRODUCTION, model: champion }] : [])].flatMap(({ name, model: { document, predictor } }) => {
    const { returns } = predictor.forecast(table.features(document.featureSet.names, rows).values, rows.to - rows.from);
    return returns === undefined ? [] : [{ name, returns }];
  });
  if (forecasts.length === 0) return [];
  const { forwardReturns: all, parts: { train } } = table;
  const benchmark = all.subarray(train.from, train.to).reduce((sum, value) => sum + value / (train.to - train.from), 0);
  const mean = { name: 'mean of training', returns: new Float64Array(rows.to - rows.from).fill(benchmark) };
  const actual = all.subarray(rows.from, rows.to);
  return [...forecasts, mean].map(({ name, returns }) => ({ name, figures: returnFigures(actual, returns, { ...options, benchmark }) }));
}
