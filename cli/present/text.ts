import { stripSequences } from '../words/controls.ts';

/** Columns of a terminal: wide East Asian characters and most pictographs take two, combining ones none (Unicode TR 11, in short). */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character.codePointAt(0)!);
  return columns;
}

function widthOf(point: number): 0 | 1 | 2 {
  if (point < 0x300) return 1;
  if ((point >= 0x300 && point <= 0x36f) || point === 0x200d || (point >= 0xfe00 && point <= 0xfe0f)) return 0;
  const isWide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) || (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) || (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) || (point >= 0x1f300 && point <= 0x1faff);
  return isWide ? 2 : 1;
}

/** Exactly so many columns: cut with an ellipsis, or filled with spaces. Control characters, which would move the cursor, become spaces. */
export function fit(text: string, columns: number): string {
  const plain = oneLine(text);
  const width = columnsOf(plain);
  if (width <= columns) return plain + ' '.repeat(columns - width);
  let [cut, used] = ['', 0];
  for (const character of plain) {
    const next = widthOf(character.codePointAt(0)!);
    if (used + next > columns - 1) break;
    cut += character;
    used += next;
  }
  return columns < 1 ? '' : `${cut}…${' '.repeat(columns - 1 - used)}`;
}

/** A text without control sequences and controls. */
export function oneLine(text: string): string {
  return stripSequences(text).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** Rows as aligned lines. Columns named in `right` stand right. */
export function alignRows(rows: readonly (readonly string[])[], right: ReadonlySet<number> = new Set()): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, columnsOf(cell));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const filling = ' '.repeat(widths[column]! - columnsOf(cell));
        return right.has(column) ? filling + cell : cell + filling;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Words of a sentence on lines of at most so many columns. */
export function wrap(sentence: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(sentence).split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
