import { createPaint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import type { RunDocument } from '../report/run-document.ts';
import { formatNumber } from '../words/numbers.ts';
import { formatCsv } from './csv.ts';
import { curvesOf, drawSpark, type Curve } from './curves.ts';
import { trackRun } from './tracked-run.ts';

const SPARK_COLUMNS = 40;

/** `runs show --curves`: every line of every chart, with where it begins, its ends and a small picture. */
export function printCurves({ run, figures }: RunDocument): string {
  const curves = curvesOf(figures);
  const paint = createPaint(process.stdout);
  const head = `${paint('bold', run.pipeline)}  run ${run.id}\n`;
  if (curves.length === 0) return `${head}\nNo step of this run drew a curve.\n`;
  const charts = [...new Map(curves.map((curve) => [`${curve.task}\n${curve.chart}`, curve])).values()];
  const sections = charts.map(({ task, chart, xLabel, yLabel }) => {
    const rows = curves.filter((curve) => curve.task === task && curve.chart === chart).map(rowOf);
    return `${paint('bold', oneLine(`${task}: ${chart}`))}  ${paint('dim', oneLine(`${yLabel} by ${xLabel}`))}\n${alignRows([['', 'points', 'first', 'lowest', 'highest', 'last'], ...rows], new Set([1, 2, 3, 4, 5])).map((line) => `  ${line}`).join('\n')}`;
  });
  return `${head}\n${sections.join('\n\n')}\n`;
}

function rowOf({ series, y }: Curve): readonly string[] {
  const values = y.filter((value) => value !== null);
  const ends = values.length === 0 ? ['–', '–', '–', '–'] : [values[0]!, values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b)), values.at(-1)!].map(formatNumber);
  return [oneLine(series), formatNumber(y.length), ...ends, values.length === 0 ? '' : drawSpark(y, SPARK_COLUMNS)];
}

/** One record a point. */
export function curvesAsCsv({ figures }: RunDocument): string {
  return formatCsv(['task', 'chart', 'series', 'x', 'y'], curvesOf(figures).flatMap(({ task, chart, series, x, y }) => x.map((at, index) => [task, chart, series, at, y[index]])));
}

/** All that is known of a run, for a program. */
export function runAsJson({ run, tasks, figures }: RunDocument): string {
  const { tasks: count, ...tracked } = trackRun(run, tasks, figures);
  return `${JSON.stringify({
    ...tracked, counts: { tasks: count, cached: tracked.cached },
    tasks: tasks.map(({ task, step, status, cached, seconds, startedAt, finishedAt, parameters, results, inputs, outputs, fingerprint }) => ({ task, step, status, cached, seconds, startedAt, finishedAt, parameters, results, inputs, outputs, fingerprint })),
    figures: figures.map(({ task, output, figures: document }) => ({ task, output, title: document.title, summary: document.summary, tables: document.tables })),
    curves: curvesOf(figures),
  }, undefined, 2)}\n`;
}
