import { canonicalJson } from '../../dsl/util/index.ts';
import type { Cell } from './columns.ts';

/**
 * A table as RFC 4180 has it: CRLF between records, fields in double quotes where they must be. A text that a spreadsheet
 * would take for a formula gets an apostrophe in front (OWASP, "CSV injection"); numbers are left as they are.
 */
export function formatCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(formatField).join(',')}\r\n`).join('');
}

function formatField(cell: Cell): string {
  if (cell === undefined || cell === null) return '';
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  const text = typeof cell === 'string' ? cell : canonicalJson(cell);
  const safe = /^[=+\-@\t\r\n]|^[＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
