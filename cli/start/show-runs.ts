import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listRuns, readRun } from '../../dsl/local/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { nearbyPath } from '../errors.ts';
import { findRun } from '../load/find-run.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { colourOf, createPaint } from '../present/colour.ts';
import { printRun } from '../present/summary.ts';
import { alignRows } from '../present/text.ts';
import { readRunDocument } from '../report/read-run.ts';
import { printRuns, type Format } from '../runs/print-table.ts';
import { answerQuery, type Query } from '../runs/query.ts';
import { readTrackedRuns } from '../runs/run-index.ts';
import { curvesAsCsv, printCurves, runAsJson } from '../runs/show-one.ts';
import { writeReport } from '../report/write-report.ts';
import { counted, formatSeconds, formatTime } from '../words/numbers.ts';
import { describeStanding, GLYPHS } from '../words/status.ts';
import { shortValue } from '../words/values.ts';

export interface ListOptions extends PlaceOptions, Query {
  readonly format?: Format;
}

const LISTED = 20;

/** The verb `runs list`: at a glance, or as a table of what was asked. */
export async function listRunsOf(options: ListOptions): Promise<void> {
  const { folder, format = 'table' } = options;
  if (format === 'table' && options.sort === undefined && options.filter === undefined && options.columns === undefined) return listAtAGlance(options);
  const all = await readTrackedRuns(folder, () => openStoreOf(options));
  if (format === 'table' && all.length === 0) return void process.stdout.write(`Nothing has run in ${nearbyPath(folder)} yet.\n`);
  const answered = answerQuery(all, { ...(format === 'table' ? { limit: LISTED } : {}), ...options }, format !== 'table');
  if (format === 'table' && answered.found === 0) return void process.stdout.write('No run is like that.\n');
  process.stdout.write(printRuns(answered, format));
}

async function listAtAGlance({ folder, pipeline, limit = LISTED }: ListOptions): Promise<void> {
  const paint = createPaint(process.stdout);
  const rows: string[][] = [];
  for (const id of await listRuns(folder)) {
    if (rows.length >= limit) break;
    // A folder whose run was cut off in its first millisecond has no record: it is no run that one could look at.
    const run = await readRun(folder, id).catch((error: unknown) => (error instanceof PipewrightError ? undefined : Promise.reject(error as Error)));
    if (run === undefined || (pipeline !== undefined && run.pipeline !== pipeline)) continue;
    const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${shortValue(value, 24)}`).join(' ');
    const cached = run.tasks.filter((task) => task.cached).length;
    rows.push([paint(colourOf(run.status), GLYPHS[run.status]), run.id, run.pipeline, describeStanding(run.status), formatTime(run.startedAt), run.seconds === undefined ? '' : formatSeconds(run.seconds), `${counted(run.tasks.length, 'task')}, ${cached} cached`, parameters]);
  }
  if (rows.length === 0) {
    process.stdout.write(pipeline === undefined ? `Nothing has run in ${nearbyPath(folder)} yet.\n` : `The pipeline "${pipeline}" has not run in ${nearbyPath(folder)} yet.\n`);
    return;
  }
  process.stdout.write(`${alignRows(rows, new Set([5])).join('\n')}\n`);
}

export interface ShowOptions extends PlaceOptions {
  readonly curves: boolean;
  readonly format: 'text' | 'csv' | 'json';
}

/** The verb `runs show`. */
export async function showRun(wanted: string, options: ShowOptions): Promise<void> {
  const run = await findRun(options.folder, wanted);
  const document = await readRunDocument(options.folder, run.id, await openStoreOf(options));
  if (options.format === 'json') return void process.stdout.write(runAsJson(document));
  if (options.format === 'csv') return void process.stdout.write(curvesAsCsv(document));
  if (options.curves) return void process.stdout.write(printCurves(document));
  const path = join(options.folder, 'runs', run.id, 'report.html');
  const report = existsSync(path) || run.status === 'Running' ? path : await writeReport(options.folder, document);
  printRun(document, { folder: join(options.folder, 'runs', run.id), report: report !== undefined && existsSync(report) ? report : undefined });
}
