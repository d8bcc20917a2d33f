import { op, table } from 'arquero';
import type { Figures, SegmentsChart } from '../../dsl/contract/index.ts';
import { describeFeatures, type FeatureDescription, type FeatureSet } from '../../model/features/index.ts';
import { pictureOfTimeSplit, type TimeSplit } from '../../model/splits/index.ts';
import type { FeatureTable, TableOptions } from './build-table.ts';

/** Parts and features, for the report of the run. */
export function figuresOf(made: FeatureTable, set: FeatureSet, { horizonDays, decisionMinutes }: TableOptions): Figures {
  const { columns, split, guards, chosen } = made;
  const { date, part, label } = columns;
  const days = date as readonly string[];
  const parts = table({ date, part, label })
    .groupby('part')
    .rollup({ rows: op.count(), from: op.min('date'), to: op.max('date'), up: op.mean('label') })
    .objects() as { part: string; rows: number; from: string; to: string; up: number }[];
  const judged = ['train', 'validation', 'test'].map((name) => parts.find((one) => one.part === name)!);
  const features = [...describeFeatures(set), ...(set.joined ? describeFeatures(set.joined).map((one) => ({ ...one, kind: `${set.joined!.name}: ${one.kind}` })) : [])];
  const [purge, embargo] = [guards.purgeDays, guards.embargoDays];
  return {
    format: 'pipewright/figures/1',
    title: 'Features and parts',
    summary: `${features.length} features of ${days.length} days; a label looks ${horizonDays} trading ${horizonDays === 1 ? 'day' : 'days'} ahead, and a row knows what was available ${decisionMinutes === 0 ? 'at' : `${decisionMinutes} minutes after`} its close.${isMostlyLate(made) ? ` Warning: ${chosen.late} rows have the features of an earlier bar, because that of their own session was not available yet; decisionMinutes says when is decided.` : ''}`,
    tables: [
      {
        title: 'Parts',
        columns: ['part', 'rows', 'from', 'to', 'share of up days'],
        rows: judged.map(({ part: name, rows, from, to, up }) => [name, rows, from, to, up]),
        note: `In the order of time. Between two parts ${purge} ${purge === 1 ? 'row is' : 'rows are'} purged, the label horizon, so that no label of one part knows a close of the next. Nothing is trained on rows after judged ones; a split that does it keeps an embargo of ${embargo} rows, the longest window.`,
      },
      {
        title: 'Features',
        columns: ['feature', 'parameters', 'bars', 'known', 'meaning'],
        rows: features.map(({ kind, parameters, bars, availability, summary }) => [kind, parameterText(parameters), bars, KNOWN[availability], summary]),
        note: 'Bars: how many a row needs, its own included; averages that never forget count until a billionth of their seed is left.',
      },
    ],
    charts: [drawSplit(split, days)],
  };
}

/** Whether most rows were decided on before the bar of their session was available: seldom what was meant. */
export function isMostlyLate({ chosen: { late, session } }: FeatureTable): boolean {
  return 2 * late > session.length;
}

const DAY_MS = 86_400_000;
const KNOWN: Readonly<Record<FeatureDescription['availability'], string>> = { bar: 'with its bar', calendar: 'beforehand' };

function parameterText(parameters: Readonly<Record<string, number>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name} ${value}`).join(', ');
}

function drawSplit(split: TimeSplit, days: readonly string[]): SegmentsChart {
  const { folds } = pictureOfTimeSplit(split, days.length);
  const dayAfter = new Date(Date.parse(days.at(-1)!) + DAY_MS).toISOString().slice(0, 10);
  const dayOf = (row: number): string => days[row] ?? dayAfter;
  return {
    kind: 'segments',
    title: 'Which days are for what',
    xLabel: 'day of the row',
    lanes: folds.map((segments) => ({ name: 'all rows', segments: segments.map(({ role, from, to }) => ({ role, from: dayOf(from), to: dayOf(to) })) })),
    note: 'Unused rows at the end have no label yet.',
  };
}
