import { BAR_COLUMNS } from '../../bars.ts';
import { NAMES, type Check, type Finding, type Measure } from '../check.ts';
import { demandNumbers, demandTexts, type Table } from '../table.ts';

/** Ratios of the close that agree so closely are one factor: a split or dividend adjustment of all history. */
const SAME_FACTOR = 1e-4;

/**
 * Rows that were there before are as they were. Compared are the days between the first that both know and the last of
 * the previous data: days that a rolling window has dropped are no change. `tolerance` is a share of the value. Every
 * cell that differs is a line of the measures, with what it was and what it is.
 */
export const restated: Check<{ readonly columns: readonly string[]; readonly tolerance: number }> = {
  severities: ['warn', 'stop'],
  settings: { columns: { ...NAMES, default: BAR_COLUMNS }, tolerance: { type: 'number', minimum: 0, default: 1e-9 } },
  demand: ({ columns }) => `Days that the previous data had are there with the same ${columns.join(', ')}, and no day was added between them.`,
  find: (table, { columns, tolerance }, { previous }) => {
    if (previous === undefined) return { findings: [], skipped: 'no previous data was given' };
    const [before, now] = [rowsByDay(previous), rowsByDay(table)];
    const pairs = columns.map((name) => ({ name, was: demandNumbers(previous, name), is: demandNumbers(table, name) }));
    const days = demandTexts(table, 'date');
    const [from, to] = [greater(days[0], demandTexts(previous, 'date')[0]), demandTexts(previous, 'date').at(-1)];
    const findings: Finding[] = [];
    const measures: Measure[] = [];
    const changed: { row: number; factor: number }[] = [];
    for (const [day, row] of now) {
      if (day < from || to === undefined || day > to) continue;
      const old = before.get(day);
      if (old === undefined) {
        findings.push({ row, reason: 'was not in the previous data, which had later days' });
        measures.push({ day, column: null, before: null, now: null });
        continue;
      }
      const cells = pairs.filter(({ was, is }) => !isSame(was[old]!, is[row]!, tolerance));
      for (const { name, was, is } of cells) measures.push({ day, column: name, before: finite(was[old]!), now: finite(is[row]!) });
      if (cells.length > 0) changed.push({ row, factor: closeFactor(table, row, previous, old) });
    }
    for (const run of runsOf(changed)) findings.push({ row: run[0]!.row, reason: describeRun(run, days, measures) });
    for (const [day] of before) {
      if (day < from || now.has(day) || day > (days.at(-1) ?? '')) continue;
      findings.push({ row: null, reason: `no longer has the day ${day}` });
      measures.push({ day, column: null, before: null, now: null });
    }
    return { findings, measures };
  },
};

/** Of several rows of one day the last counts. */
function rowsByDay(table: Table): ReadonlyMap<string, number> {
  return new Map(demandTexts(table, 'date').map((day, row) => [day, row]));
}

function isSame(was: number, is: number, tolerance: number): boolean {
  if (Object.is(was, is) || was === is) return true;
  return Math.abs(was - is) <= tolerance * Math.max(Math.abs(was), Math.abs(is));
}

function closeFactor(table: Table, row: number, previous: Table, old: number): number {
  return demandNumbers(table, 'close')[row]! / demandNumbers(previous, 'close')[old]!;
}

/** Neighbouring rows are one finding: a restated history is one event, not five thousand. */
function runsOf<T extends { readonly row: number }>(changed: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (const one of changed) {
    const last = runs.at(-1);
    if (last !== undefined && last.at(-1)!.row === one.row - 1) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

function describeRun(run: readonly { readonly row: number; readonly factor: number }[], days: readonly string[], measures: readonly Measure[]): string {
  const [first, last] = [run[0]!, run.at(-1)!];
  const cell = measures.find(({ day, column }) => day === days[first.row] && column !== null)!;
  const example = `${cell['column']} ${cell['before'] ?? 'missing'} is now ${cell['now'] ?? 'missing'}`;
  if (run.length === 1) return `differs from the previous data: ${example}`;
  const isScaled = run.every(({ factor }) => Math.abs(factor / first.factor - 1) < SAME_FACTOR) && Math.abs(first.factor - 1) > SAME_FACTOR;
  const scaled = isScaled ? `, all closes by the factor ${Number(first.factor.toPrecision(6))}: an adjustment?` : '';
  return `is the first of ${run.length} in a row, to ${days[last.row]}, that differ from the previous data (${example})${scaled}`;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function greater(a: string | undefined, b: string | undefined): string {
  return (a ?? '') > (b ?? '') ? a! : (b ?? '');
}
