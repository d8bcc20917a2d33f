import { compareTables, type CellChange, type TableComparison } from '../../model/quality/index.ts';
import { refuseRangeErrors } from '../../steps/runtime/refuse.ts';
import type { DataOptions } from '../data.ts';
import { openStoreOf } from '../options.ts';
import { createPaint } from '../present/colour.ts';
import { alignRows } from '../present/text.ts';
import { formatNumber } from '../words/numbers.ts';
import { shortDigest } from '../words/values.ts';
import { readStoredTable } from './read-table.ts';
import { chooseVersion, findVersions } from './versions.ts';

/** More are counted, not shown; JSON has all. */
const SHOWN = 10;

/** The verb `data diff`. */
export async function diffData(before: string, after: string, { folder, output, ...places }: DataOptions): Promise<void> {
  const store = await openStoreOf({ folder, ...places });
  const versions = await findVersions(folder, store);
  const [old, now] = [chooseVersion(versions, before).manifest, chooseVersion(versions, after).manifest];
  const [was, is] = [await readStoredTable(store, old.dataset), await readStoredTable(store, now.dataset)];
  const found = await refuseRangeErrors('PW502', 'Compare datasets of bars.', () => compareTables(was, is));
  if (output === 'json') process.stdout.write(`${JSON.stringify({ before: old.dataset, after: now.dataset, ...found }, undefined, 2)}\n`);
  else process.stdout.write(`${createPaint(process.stdout)('bold', `${shortDigest(old.dataset)} → ${shortDigest(now.dataset)}`)}\n\n${linesOf(found).join('\n')}\n`);
}

function linesOf({ schema, added, removed, changed, same, cells, statistics }: TableComparison): readonly string[] {
  const rows = ([['added', added], ['removed', removed], ['changed', changed]] as const).map(([what, days]) => [what, formatNumber(days.length), rangeOf(days)]);
  const lines = ['Rows, by day:', ...alignRows([...rows, ['the same', formatNumber(same), '']], new Set([1])).map(indent)];
  if (added.length + removed.length + changed.length + schema.length === 0) lines.push('', 'No row and no column differs; what may is the order of the rows, or where they stand in their source.');
  if (schema.length > 0) lines.push('', 'Columns:', ...alignRows(schema.map(({ column, before, after }) => [column, `${before ?? 'absent'} → ${after ?? 'absent'}`])).map(indent));
  if (cells.length > 0) {
    const largest = [...cells].sort((a, b) => Math.abs(b.share ?? Infinity) - Math.abs(a.share ?? Infinity)).slice(0, SHOWN);
    lines.push('', `${cells.length === 1 ? '1 cell differs' : `${formatNumber(cells.length)} cells differ`}${cells.length > SHOWN ? `; the ${SHOWN} largest changes` : ''}:`, ...alignRows(largest.map(rowOf), new Set([2, 3, 4])).map(indent));
  }
  if (statistics.length > 0) {
    const number = (value: number | null): string => (value === null ? 'none' : formatNumber(value));
    const row = (what: 'finite' | 'missing' | 'minimum' | 'mean' | 'maximum') => ({ before, after }: TableComparison['statistics'][number]): string => (before[what] === after[what] ? number(after[what]) : `${number(before[what])} → ${number(after[what])}`);
    lines.push('', 'Statistics:', ...alignRows([['column', 'values', 'missing', 'minimum', 'mean', 'maximum'], ...statistics.map((one) => [one.column, row('finite')(one), row('missing')(one), row('minimum')(one), row('mean')(one), row('maximum')(one)])]).map(indent));
  }
  return lines;
}

function rowOf({ day, column, before, after, share }: CellChange): string[] {
  const text = (value: CellChange['before']): string => (typeof value === 'number' ? formatNumber(value) : String(value));
  return [day, column, text(before), `→ ${text(after)}`, share === undefined ? '' : `${(share * 100).toPrecision(3)} %`];
}

function rangeOf(days: readonly string[]): string {
  if (days.length <= 3) return days.join(', ');
  return `${days[0]} … ${days.at(-1)}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
