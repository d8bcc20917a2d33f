import type { LineChart } from '../../dsl/contract/index.ts';
import type { TaskFigures } from '../report/run-document.ts';

/** A line of a chart. */
export interface Curve {
  readonly task: string;
  readonly chart: string;
  readonly series: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Numbers or ISO days. */
  readonly x: readonly (number | string)[];
  /** null is a gap. */
  readonly y: readonly (number | null)[];
}

export function curvesOf(figures: readonly TaskFigures[]): readonly Curve[] {
  return figures.flatMap(({ task, figures: document }) =>
    (document.charts ?? [])
      .filter((chart): chart is LineChart => chart.kind === 'line')
      .flatMap(({ title, xLabel, yLabel, series }) => series.map(({ name, x, y }) => ({ task, chart: title, series: name, xLabel, yLabel, x, y }))));
}

/** Whether a curve runs over the steps of an iteration, such as epochs: whole numbers from 0 on that only grow. */
export function runsOverSteps({ x }: Curve): boolean {
  return x.length > 0 && x.every((at, index) => typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && (index === 0 || at > (x[index - 1] as number)));
}

const BARS = '▁▂▃▄▅▆▇█';

/** A curve in one line of text: the mean of each stretch, from the lowest to the highest. */
export function drawSpark(y: readonly (number | null)[], columns: number): string {
  const width = Math.min(columns, y.length);
  const means = Array.from({ length: width }, (_, at) => {
    const part = y.slice(Math.floor((at * y.length) / width), Math.floor(((at + 1) * y.length) / width)).filter((value) => value !== null);
    return part.length === 0 ? undefined : part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const present = means.filter((value) => value !== undefined);
  const [low, high] = [Math.min(...present), Math.max(...present)];
  return means.map((value) => (value === undefined ? ' ' : BARS[high === low ? 3 : Math.round(((value - low) / (high - low)) * (BARS.length - 1))]!)).join('');
}
