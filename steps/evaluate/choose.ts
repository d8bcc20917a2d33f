import { logLoss } from '../../model/metrics/index.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/** A candidate and how it did on the validation days. */
export interface Trial {
  readonly model: ReadModel;
  readonly validationLogLoss: number;
}

export interface Choice {
  readonly trials: readonly Trial[];
  /** Index of the lowest validation log-loss, the first of equals. */
  readonly chosen: number;
}

/** Chooses on validation days alone: the test days are for the one that was chosen, once. */
export function chooseCandidate(models: readonly ReadModel[], table: Table): Choice {
  const rows = table.parts.validation;
  const labels = table.labels.subarray(rows.from, rows.to);
  const trials = models.map((model) => ({ model, validationLogLoss: logLoss(labels, predictRange(model, table, rows)) }));
  const chosen = trials.reduce((best, { validationLogLoss }, at) => (validationLogLoss < trials[best]!.validationLogLoss ? at : best), 0);
  return { trials, chosen };
}

/** Probabilities of up, one per row of the range. */
export function predictRange({ document, predictor }: ReadModel, table: Table, rows: { readonly from: number; readonly to: number }): Float64Array {
  return predictor.predictRows(table.features(document.featureSet.names, rows).values, rows.to - rows.from);
}
