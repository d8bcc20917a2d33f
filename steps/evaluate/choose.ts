import { crossFit } from '../../model/calibration/index.ts';
import { logLoss } from '../../model/metrics/index.ts';
import type { RowRange } from '../../model/splits/index.ts';
import type { Table } from './judged-days.ts';
import type { ReadModel } from './read-model.ts';

/** A candidate and how it did on the validation days. */
export interface Trial {
  readonly model: ReadModel;
  /** In nats a day; of what was learned on these days by {@link crossFit}, so that no day is judged by what it taught. */
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
  const trials = models.map((model) => ({ model, validationLogLoss: logLoss(labels, predictUnseen(model, table, rows)) }));
  const chosen = trials.reduce((best, { validationLogLoss }, at) => (validationLogLoss < trials[best]!.validationLogLoss ? at : best), 0);
  return { trials, chosen };
}

/**
 * Probabilities of up for validation rows, as if they had not taught the calibration or the deviation of a return's errors.
 * A model that learned neither says what it always says.
 */
function predictUnseen(model: ReadModel, table: Table, rows: RowRange): Float64Array {
  const { horizonDays, score: { kind }, calibration: { method }, featureSet } = model.document;
  if (kind === 'log-odds' && method === 'none') return predictRange(model, table, rows);
  const { answers } = model.predictor.forecast(table.features(featureSet.names, rows).values, rows.to - rows.from);
  const learned = kind === 'return' ? table.forwardReturns : table.labels;
  return crossFit(answers, learned.subarray(rows.from, rows.to), { kind, method, horizonDays });
}

/** Probabilities of up, one per row of the range. */
export function predictRange({ document, predictor }: ReadModel, table: Table, rows: RowRange): Float64Array {
  return predictor.predictRows(table.features(document.featureSet.names, rows).values, rows.to - rows.from);
}
