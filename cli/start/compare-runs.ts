import type { FoundRun } from '../../dsl/local/index.ts';
import { findRun } from '../load/find-run.ts';
import { openStoreOf, type PlaceOptions } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import { readRunDocument } from '../report/read-run.ts';
import { formatCsv } from '../runs/csv.ts';
import { formatNumber, formatTime } from '../words/numbers.ts';
import { describeStanding } from '../words/status.ts';
import { describeSide, layBeside, type Side } from './run-differences.ts';

export interface CompareOptions extends PlaceOptions {
  readonly format: 'table' | 'csv' | 'json';
  /** What is the same in all runs too. */
  readonly all: boolean;
}

const ABSENT = '–';

/** The verb `runs compare`. */
export async function compareRuns(wanted: readonly string[], options: CompareOptions): Promise<void> {
  const names = wanted.length === 0 ? ['previous', 'latest'] : wanted.length === 1 ? [wanted[0]!, 'latest'] : wanted;
  const store = await openStoreOf(options);
  const runs: FoundRun[] = [];
  for (const name of names) runs.push(await findRun(options.folder, name));
  const documents = await Promise.all(runs.map((run) => readRunDocument(options.folder, run.id, store)));
  const sides = layBeside(documents).filter(({ isSame }) => options.all || !isSame);
  switch (options.format) {
    case 'csv':
      process.stdout.write(formatCsv(['kind', 'name', ...runs.map(({ id }) => id), ...runs.slice(1).map(({ id }) => `${id} minus ${runs[0]!.id}`)], sides.map((side) => [side.kind.toLowerCase(), side.name, ...side.values, ...gapsOf(side)])));
      return;
    case 'json':
      process.stdout.write(`${JSON.stringify({ runs: runs.map(({ id, pipeline, status, startedAt }) => ({ id, pipeline, status, startedAt })), sides: sides.map((side) => ({ kind: side.kind.toLowerCase(), name: side.name, values: side.values.map((value) => value ?? null), same: side.isSame, differences: gapsOf(side).map((gap) => gap ?? null) })) }, undefined, 2)}\n`);
      return;
    case 'table':
      process.stdout.write(tableOf(runs, sides));
  }
}

function tableOf(runs: readonly FoundRun[], sides: readonly Side[]): string {
  const paint = createPaint(process.stdout);
  const names = runs.length === 2 ? ['before', 'after'] : runs.map((_, index) => String.fromCodePoint('A'.codePointAt(0)! + (index % 26)).repeat(1 + Math.floor(index / 26)));
  const head = alignRows(runs.map((run, index) => [names[index]!, run.id, run.pipeline, describeStanding(run.status), formatTime(run.startedAt)]));
  const kinds = [...new Set(sides.map(({ kind }) => kind))];
  const sections = kinds.map((kind) => {
    const rows = sides.filter((side) => side.kind === kind).map((side) => (runs.length === 2 ? pairOf(side) : rowOf(side)));
    return `${paint('bold', kind)}\n${alignRows(runs.length === 2 ? rows : [['', ...names], ...rows]).map((line) => `  ${line}`).join('\n')}`;
  });
  return `${head.join('\n')}\n\n${sections.length === 0 ? 'Nothing differs: parameters, code, results, figures and artifacts are the same.' : sections.join('\n\n')}\n`;
}

function pairOf(side: Side): readonly string[] {
  const [gap] = gapsOf(side);
  const [old, now] = side.values.map((value) => show(side, value));
  return [side.name, old!, side.isSame ? '=' : '→', now!, side.kind !== 'Figures' || side.isSame || gap === undefined ? '' : signed(gap)];
}

/** Numbers with their difference from the first run. */
function rowOf(side: Side): readonly string[] {
  const gaps = gapsOf(side);
  return [side.name, ...side.values.map((value, index) => `${show(side, value)}${index === 0 || !gaps[index - 1] ? '' : ` (${signed(gaps[index - 1]!)})`}`)];
}

function show({ kind }: Side, value: Side['values'][number]): string {
  if (value === undefined || (value === null && kind === 'Figures')) return ABSENT;
  return oneLine(kind === 'Figures' && typeof value === 'number' ? formatNumber(value) : describeSide(kind, value));
}

/** By how much each run after the first differs from it, where both have a number. */
function gapsOf({ values: [first, ...others] }: Side): readonly (number | undefined)[] {
  return others.map((value) => (typeof value === 'number' && typeof first === 'number' ? value - first : undefined));
}

function signed(gap: number): string {
  return `${gap > 0 ? '+' : ''}${formatNumber(gap)}`;
}
