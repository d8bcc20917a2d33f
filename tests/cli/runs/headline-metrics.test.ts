import { expect, it } from 'vitest';
import { headlineMetrics } from '../../../cli/runs/headline-metrics.ts';
import type { FigureTable } from '../../../dsl/contract/index.ts';

function metricsOf(...tables: readonly FigureTable[]): Readonly<Record<string, number>> {
  return Object.fromEntries(headlineMetrics([{ task: 'evaluate', output: 'figures', figures: { format: 'pipewright/figures/1', title: 'x', tables } }]));
}

it('names figures by their column, those of other rows by their row, too', () => {
  expect(metricsOf({ title: 'Direction on 961 days', headline: true, columns: ['forecast', 'accuracy', '95 % from', 'to', 'AUC-ROC'], rows: [['chosen model', 0.55, 0.52, 0.58, 0.525], ['always up', 0.552, 0.521, 0.584, null]] })).toEqual({
    'evaluate.accuracy': 0.55, 'evaluate.accuracy.lower': 0.52, 'evaluate.accuracy.upper': 0.58, 'evaluate.auc-roc': 0.525,
    'evaluate.always-up.accuracy': 0.552, 'evaluate.always-up.accuracy.lower': 0.521, 'evaluate.always-up.accuracy.upper': 0.584,
  });
});

it('names figures by their row where the table says so', () => {
  expect(metricsOf({ title: 'x', headline: true, columns: ['figure', 'value', '90 % from', 'to', 'baseline'], rows: [['Sharpe ratio', 0.56, -0.2, 1.7, 0.5], ['days', 961, null, null, null], ['', 1, 2, 3, 4]] })).toEqual({
    'evaluate.sharpe-ratio': 0.56, 'evaluate.sharpe-ratio.lower': -0.2, 'evaluate.sharpe-ratio.upper': 1.7, 'evaluate.sharpe-ratio.baseline': 0.5, 'evaluate.days': 961,
    'evaluate.lower': 2, 'evaluate.upper': 3, 'evaluate.baseline': 4,
  });
});

it('takes headline tables and lists of figures alone, and of two figures with one name the first', () => {
  const columns = ['a', 'b'];
  expect(metricsOf({ title: 'x', columns, rows: [['r', 1]] }, { title: 'y', headline: true, columns, rows: [['r', 2]] }, { title: 'z', headline: true, columns, rows: [['r', 3]] })).toEqual({ 'evaluate.b': 2 });
  expect(metricsOf({ title: 'x', columns: ['figure', 'training', 'validation'], rows: [['log-loss', 0.68, 0.69], ['accuracy', null, 0.53]] })).toEqual({ 'evaluate.log-loss': 0.68, 'evaluate.log-loss.validation': 0.69, 'evaluate.accuracy.validation': 0.53 });
});
