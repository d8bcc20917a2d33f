import { createPaint } from '../present/colour.ts';
import { alignRows, oneLine } from '../present/text.ts';
import { formatNumber, formatSeconds, formatTime } from '../words/numbers.ts';
import { shortValue } from '../words/values.ts';
import type { Cell, Column } from './columns.ts';
import { formatCsv } from './csv.ts';
import type { Answered } from './query.ts';
import type { TrackedRun } from './tracked-run.ts';

export type Format = 'table' | 'csv' | 'json' | 'ndjson';

/** One text for a terminal, a spreadsheet or a program. */
export function printRuns({ columns, runs, found }: Answered, format: Format): string {
  switch (format) {
    case 'csv':
      return formatCsv(columns.map(({ name }) => name), runs.map((run) => columns.map((column) => column.valueOf(run))));
    case 'json':
      return `${JSON.stringify(runs.map((run) => recordOf(run, columns)), undefined, 2)}\n`;
    case 'ndjson':
      return runs.map((run) => `${JSON.stringify(recordOf(run, columns))}\n`).join('');
    case 'table': {
      const right = new Set(columns.flatMap((column, index) => (column.type === 'number' || runs.some((run) => typeof column.valueOf(run) === 'number') ? [index] : [])));
      const [head, ...lines] = alignRows([shortNames(columns), ...runs.map((run) => columns.map((column) => showCell(column, column.valueOf(run))))], right);
      const rest = found > runs.length ? [`… and ${found - runs.length} more; --limit shows more of them`] : [];
      return `${[createPaint(process.stdout)('dim', head!), ...lines, ...rest].join('\n')}\n`;
    }
  }
}

/** Attributes stand at the top, the others in groups as they are named: `{"id": …, "params": {…}, "metrics": {…}}`. */
function recordOf(run: TrackedRun, columns: readonly Column[]): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {};
  for (const column of columns) {
    const value = column.valueOf(run);
    if (value === undefined) continue;
    if (column.kind === 'attribute') record[column.name] = value;
    else {
      const group = (record[column.kind] ??= {}) as Record<string, unknown>;
      Object.defineProperty(group, column.name.slice(column.kind.length + 1), { value, enumerable: true });
    }
  }
  return record;
}

function showCell({ name, type }: Pick<Column, 'name' | 'type'>, cell: Cell): string {
  if (cell === undefined || cell === null) return '–';
  if (type === 'time' && typeof cell === 'string') return formatTime(cell);
  if (name === 'seconds' && typeof cell === 'number') return formatSeconds(cell);
  return typeof cell === 'number' ? formatNumber(cell) : typeof cell === 'string' ? oneLine(cell.length > 60 ? `${cell.slice(0, 59)}…` : cell) : shortValue(cell, 40);
}

/** Without `params.` and `metrics.evaluate.` as long as nobody can mistake one for another. */
function shortNames(columns: readonly Column[]): readonly string[] {
  const last = columns.map(({ kind, name }) => (kind === 'attribute' ? name : kind === 'params' ? name.slice('params.'.length) : name.slice(kind.length + 1).split('.').at(-1)!));
  return columns.map(({ name }, index) => (last.indexOf(last[index]!) === last.lastIndexOf(last[index]!) ? last[index]! : name));
}
