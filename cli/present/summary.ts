import { join } from 'node:path';
import type { FigureTable } from '../../dsl/contract/index.ts';
import type { TaskRecord } from '../../dsl/local/index.ts';
import { headlinesOf, type RunDocument } from '../report/run-document.ts';
import { counted, formatNumber, formatSeconds, formatTime } from '../words/numbers.ts';
import { describeStanding, GLYPHS } from '../words/status.ts';
import { workedSeconds } from '../words/worked.ts';
import { describeValues, shortValue } from '../words/values.ts';
import { nearbyPath } from '../errors.ts';
import { colourOf, createPaint, type Paint } from './colour.ts';
import { alignRows, oneLine, wrap } from './text.ts';

/** A longer list is for `runs show`. */
const LISTED_STEPS = 40;
const LOG_LINES = 15;

interface SummaryOptions {
  /** The run's own folder. */
  readonly folder: string;
  /** Path of the report, if there is one. */
  readonly report: string | undefined;
  /** Whether the steps are listed: the live view has just done so. */
  readonly listsSteps: boolean;
}

/** What a person wants to know when a run has ended: what failed and why, what came out, how it went, where to look. */
export function printSummary(document: RunDocument, { folder, report, listsSteps }: SummaryOptions): void {
  const paint = createPaint(process.stdout);
  const columns = Math.min(process.stdout.columns || 100, 100) - 1;
  const sections = [
    ...(listsSteps ? [listSteps(document.tasks, paint)] : []),
    ...describeFailures(document, folder, paint),
    ...headlinesOf(document.figures).map(({ figures }) => [...(figures.summary === undefined ? [] : wrap(figures.summary, columns)), ...figures.tables!.flatMap((table) => ['', ...printTable(table, paint)])]),
    [conclude(document, paint), ...(report === undefined ? [] : [`Report: ${nearbyPath(report)}`])],
  ];
  process.stdout.write(`\n${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

/** The same of a run that was, under its name. */
export function printRun(document: RunDocument, options: Omit<SummaryOptions, 'listsSteps'>): void {
  const { run } = document;
  const paint = createPaint(process.stdout);
  const parameters = Object.entries(run.parameters).map(([name, value]) => `  ${name} = ${shortValue(value, 80)}`);
  process.stdout.write(`${paint('bold', run.pipeline)}  run ${run.id}, ${formatTime(run.startedAt)}\n${parameters.length === 0 ? '' : `${parameters.join('\n')}\n`}`);
  printSummary(document, { ...options, listsSteps: true });
}

export function listSteps(tasks: readonly TaskRecord[], paint: Paint): readonly string[] {
  const rows = tasks.slice(0, LISTED_STEPS).map((task) => [GLYPHS[task.status], task.task, describeStanding(task.status, task.cached), task.attempts.length === 0 ? '' : formatSeconds(workedSeconds(task)), oneLine(describeValues(task.results))]);
  const lines = alignRows(rows, new Set([3])).map((line, index) => paint(colourOf(tasks[index]!.status), line.slice(0, 1)) + line.slice(1));
  return tasks.length > LISTED_STEPS ? [...lines, `… and ${tasks.length - LISTED_STEPS} more`] : lines;
}

function describeFailures({ tasks, logs, run }: RunDocument, folder: string, paint: Paint): readonly (readonly string[])[] {
  const failed = tasks.filter((task) => task.status === 'Failed' || task.status === 'Error').slice(0, 10);
  return [
    ...(run.reason === undefined || run.status === 'Cancelled' ? [] : [[`${paint('red', `error ${run.reason.code}`)} ${run.pipeline}`, `  ${run.reason.message}`, `  → ${run.reason.fix}`]]),
    ...failed.map((task) => {
      const last = task.attempts.at(-1);
      const log = last === undefined ? undefined : nearbyPath(join(folder, 'tasks', task.task, last.log));
      const [message, fix] = [task.reason?.message, task.reason?.fix].map((text) => text && oneLine(text).replaceAll(`runs/${run.id}/`, `${nearbyPath(folder)}/`));
      return [
        `${paint('red', `error${task.reason === undefined ? '' : ` ${task.reason.code}`}`)} ${paint('bold', task.task)}`,
        ...(task.reason === undefined ? [] : [`  ${message}`, `  → ${fix}`]),
        ...(logs.get(task.task)?.lines ?? []).slice(-LOG_LINES).map((line) => `  ${paint('dim', '│')} ${oneLine(line)}`),
        ...(log === undefined || fix?.includes(log) ? [] : [`  Log: ${log}`]),
      ];
    }),
  ];
}

/** A table of figures: the first column names the row, numbers stand right. */
export function printTable(table: FigureTable, paint: Paint): readonly string[] {
  const rows = table.rows.map((row) => table.columns.map((_, column) => { const cell = row[column]; return typeof cell === 'number' ? formatNumber(cell) : oneLine(cell ?? '–'); }));
  const numeric = new Set(table.columns.map((_, column) => column).filter((column) => column > 0 && table.rows.some((row) => typeof row[column] === 'number')));
  const [head, ...lines] = alignRows([table.columns.map(oneLine), ...rows], numeric);
  return [paint('bold', oneLine(table.title)), paint('dim', `  ${head!}`), ...lines.map((line) => `  ${line}`), ...(table.note === undefined ? [] : [paint('dim', `  ${oneLine(table.note)}`)])];
}

function conclude({ run, tasks }: RunDocument, paint: Paint): string {
  const count = (wanted: (task: TaskRecord) => boolean): number => tasks.filter(wanted).length;
  const parts = [
    [count((task) => task.status === 'Succeeded' && !task.cached), 'worked'],
    [count((task) => task.cached), 'cached'],
    [count((task) => task.status === 'Failed' || task.status === 'Error'), 'failed'],
    [count((task) => task.status === 'Skipped'), 'skipped'],
    [count((task) => task.status === 'Omitted'), 'omitted'],
    [count((task) => task.status === 'Cancelled'), 'cancelled'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `, ${number} ${what}`).join('');
  const took = run.seconds === undefined ? '' : ` in ${formatSeconds(run.seconds)}`;
  return `${paint(colourOf(run.status), `${GLYPHS[run.status]} ${run.pipeline} ${describeStanding(run.status)}`)}${took}: ${counted(tasks.length, 'task')}${said}`;
}
