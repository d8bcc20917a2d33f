import { op, table } from 'arquero';
import type { Figures } from '../../dsl/contract/index.ts';
import { FEATURES, type FeatureSet } from '../../model/features/index.ts';
import type { FeatureTable } from './build-table.ts';

/** Parts and features, for the report of the run. */
export function figuresOf({ columns }: FeatureTable, set: FeatureSet, horizonDays: number): Figures {
  const { date, part, label } = columns;
  const parts = table({ date, part, label })
    .groupby('part')
    .rollup({ rows: op.count(), from: op.min('date'), to: op.max('date'), up: op.mean('label') })
    .objects() as { part: string; rows: number; from: string; to: string; up: number }[];
  const kinds = new Map(FEATURES.map(({ kind, summary }) => [kind, summary]));
  const judged = ['train', 'validation', 'test'].map((name) => parts.find((one) => one.part === name)!);
  return {
    format: 'pipewright/figures/1',
    title: 'Features and parts',
    summary: `${set.features.length} features of ${columns['date']!.length} days; a label looks ${horizonDays} trading ${horizonDays === 1 ? 'day' : 'days'} ahead.`,
    tables: [
      {
        title: 'Parts',
        columns: ['part', 'rows', 'from', 'to', 'share of up days'],
        rows: judged.map(({ part: name, rows, from, to, up }) => [name, rows, from, to, up]),
        note: `In the order of time. Between two parts ${horizonDays} ${horizonDays === 1 ? 'row is' : 'rows are'} left out, so that no label of one part knows a close of the next.`,
      },
      {
        title: 'Features',
        columns: ['feature', 'parameters', 'meaning'],
        rows: set.features.map(({ kind, parameters }) => [kind, Object.entries(parameters).map(([name, value]) => `${name} ${value}`).join(', '), kinds.get(kind) ?? '']),
      },
    ],
  };
}
