import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { BacktestOptions } from '../backtest.ts';
import { EXIT, nearbyPath } from '../errors.ts';
import { findRun } from '../load/find-run.ts';
import { openStoreOf } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { printTable } from '../present/summary.ts';
import { wrap } from '../present/text.ts';
import { readRunDocument } from '../report/read-run.ts';
import { shortDigest } from '../words/values.ts';
import { divide, type Division, type SplitName } from './divide.ts';
import { figuresOf } from './figures.ts';
import { forecastFolds } from './forecast-folds.ts';
import { measureBacktest, type Measured } from './measure.ts';
import { drawBacktestPage } from './page.ts';
import { createProgress } from './progress.ts';
import { candidatesOfRun, readCandidates, readFeatures, settingsOfRun } from './read-run.ts';

/** Of every pooled interval; as many as the step evaluate draws. */
const RESAMPLES = 600;
const DEFAULT_TEST_FOLDS = 2;

/** The verb `backtest`. Returns the exit code. */
export async function carryOutBacktest(wanted: string, options: BacktestOptions): Promise<number> {
  const { folder, split, folds, output } = options;
  checkFolds(options);
  const given = options.candidates === undefined ? undefined : await readCandidates(options.candidates);
  const store = await openStoreOf(options);
  const document = await readRunDocument(folder, (await findRun(folder, wanted)).id, store);
  const { run } = document;
  const { table, longestWindow, digest } = await readFeatures(document, store);
  const candidates = given ?? candidatesOfRun(document);
  const { costBasisPoints, ...ofRun } = settingsOfRun(document);
  const seed = options.seed ?? ofRun.seed;
  const testFolds = options.testFolds ?? DEFAULT_TEST_FOLDS;
  const division = divide({ split, folds, testFolds, rows: table.dates.length, horizonDays: table.horizonDays, longestWindow });

  const progress = createProgress(process.stderr);
  const stop = new AbortController();
  const onStop = (): void => stop.abort();
  process.once('SIGINT', onStop).once('SIGTERM', onStop);
  let measured: Measured;
  try {
    const count = division.folds.length;
    const forecasts = await forecastFolds(table, division, { candidates, seed, signal: stop.signal, onFit: (fold, candidate) => progress.tell(`fold ${fold + 1} of ${count}, candidate ${candidate + 1} of ${candidates.length}`) });
    progress.tell('measuring');
    measured = measureBacktest(table, division, forecasts, { candidates, costBasisPoints, resamples: RESAMPLES, seed });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    progress.clear();
    process.stderr.write('cancelled\n');
    return EXIT.cancelled;
  } finally {
    process.off('SIGINT', onStop).off('SIGTERM', onStop);
    progress.clear();
  }

  const figures = figuresOf({ split, table, division, measured, costBasisPoints });
  const path = options.out ?? join(folder, 'runs', run.id, `backtest-${split}-${folds}.html`);
  if (output === 'json') {
    const settings = { split, folds, ...(split === 'combinatorial-purged' ? { testFolds } : {}), seed, costBasisPoints, resamples: RESAMPLES };
    process.stdout.write(`${JSON.stringify({ format: 'pipewright/backtest/1', run: run.id, pipeline: run.pipeline, features: digest, horizonDays: table.horizonDays, ...settings, ...documentOf(division, measured), page: path }, undefined, 2)}\n`);
  } else {
    const paint = createPaint(process.stdout);
    const columns = Math.min(process.stdout.columns || 100, 100) - 1;
    process.stdout.write(`${[...figures.tables!.flatMap((one) => [...printTable(one, paint), '']), ...wrap(figures.summary!, columns)].join('\n')}\n`);
  }
  await writePage(path, drawBacktestPage(document, figures, [
    ['Split', describeSplit(split, folds, testFolds)], ['Candidates tried', String(candidates.length)], ['Days judged', String(division.judged.to - division.judged.from)],
    ['Purge, embargo', `${division.guards.purgeDays}, ${division.guards.embargoDays} rows`], ['Features', shortDigest(digest)], ['Seed', String(seed)], ['Run', run.id],
  ]));
  // Whatever reads the JSON must not find another line behind it.
  (output === 'json' ? process.stderr : process.stdout).write(`Page: ${nearbyPath(path)}\n`);
  return EXIT.good;
}

function checkFolds({ split, folds, testFolds }: BacktestOptions): void {
  const refuse = (message: string, fix: string): PipewrightError => new PipewrightError({ code: 'PW901', message, fix });
  if (testFolds !== undefined && split !== 'combinatorial-purged') throw refuse(`--test-folds is for --split combinatorial-purged; of ${split} one block is judged by each fold.`, 'Leave it out.');
  if (split.includes('purged') && folds < 2) throw refuse(`--folds is ${folds}; ${split} needs 2 or more.`, 'Give more of them.');
  if (split === 'combinatorial-purged' && (testFolds ?? DEFAULT_TEST_FOLDS) >= folds) {
    throw refuse(`--test-folds is ${testFolds ?? DEFAULT_TEST_FOLDS} of --folds ${folds}: nothing would be left to learn from.`, 'Judge fewer of them, or give more folds.');
  }
}

function describeSplit(split: SplitName, folds: number, testFolds: number): string {
  return split === 'combinatorial-purged' ? `${split}, ${testFolds} of ${folds}` : `${split}, ${folds} folds`;
}

/** As another program reads it: without the daily capital. */
function documentOf({ guards, judged }: Division, { candidates, held, ...rest }: Measured): object {
  const { equity: _, ...holding } = held;
  return {
    guards,
    judgedDays: judged.to - judged.from,
    tried: candidates.length,
    candidates: candidates.map(({ equity: _, ...candidate }) => candidate),
    buyAndHold: holding,
    ...rest,
  };
}

async function writePage(path: string, page: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, page);
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `The page ${nearbyPath(path)} cannot be written: ${(cause as Error).message}.`, fix: 'With --out name a file in a folder that you may write to.' }, { cause });
  }
}
