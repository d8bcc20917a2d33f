import { canonicalJson } from '../../dsl/util/index.ts';
import { cellOf, numbersOf, type Table, type Verdict } from '../../model/quality/index.ts';

/** Lines before the first row of a CSV file: its header. */
const HEADER_LINES = 1;

/**
 * One line per row that was set aside, with all its values: nothing is lost. `row` counts from 0 in the data that was
 * given. `line` is the row's line in its source, from 1: that of an int32 column `line` where the data has one, else
 * that of a CSV file with one header line and no blank ones. Numbers that JSON cannot carry are texts.
 */
export function quarantineLines(table: Table, { quarantined }: Verdict): string {
  const lineNumbers = numbersOf(table, 'line');
  const lines = quarantined.map(({ row, rule, reason, rules }) => {
    const bar = Object.entries(table.columns).flatMap(([name, column]) => {
      const cell = cellOf(column, row);
      return cell === undefined ? [] : [[name, cell] as const];
    });
    return `${canonicalJson({ row, line: lineNumbers?.[row] ?? row + 1 + HEADER_LINES, rule, reason, rules, bar: Object.fromEntries(bar) })}\n`;
  });
  return lines.join('');
}
