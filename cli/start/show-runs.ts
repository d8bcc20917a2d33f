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
import { writeReport } from '../report/write-report.ts';
import { counted, formatSeconds, formatTime } from '../words/numbers.ts';
import { describeStanding, GLYPHS } from '../words/status.ts';
import { shortValue } from '../words/values.ts';

/** The verb `runs list`. */
export async function listRunsOf({ folder, pipeline, limit }: { readonly folder: string; readonly pipeline?: string; readonly limit: number }): Promise<void> {
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

/** The verb `runs show`. */
export async function showRun(wanted: string, options: PlaceOptions): Promise<void> {
  const run = await findRun(options.folder, wanted);
  const document = await readRunDocument(options.folder, run.id, await openStoreOf(options));
  const path = join(options.folder, 'runs', run.id, 'report.html');
  const report = existsSync(path) || run.status === 'Running' ? path : await writeReport(options.folder, document);
  printRun(document, { folder: join(options.folder, 'runs', run.id), report: report !== undefined && existsSync(report) ? report : undefined });
}
