import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsv } from '../../../cli/runs/csv.ts';

/** A reader after the grammar of RFC 4180, written without looking at the writer. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let [record, field, isQuoted]: [string[], string, boolean] = [[], '', false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') field += text[at++];
      else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',' || character === '\r') {
      record.push(field);
      field = '';
      if (character === '\r') {
        expect(text[++at]).toBe('\n');
        records.push(record);
        record = [];
      }
    } else field += character;
  }
  expect([record, field, isQuoted]).toEqual([[], '', false]);
  return records;
}

describe('CSV', () => {
  it('ends records with CRLF and quotes what must be', () => {
    expect(formatCsv(['id', 'note'], [['a', 'x,y'], [1.5, 'say "hi"\nnow'], [undefined, null], [true, { b: 1 }]])).toBe('id,note\r\na,"x,y"\r\n1.5,"say ""hi""\nnow"\r\n,\r\ntrue,"{""b"":1}"\r\n');
  });
  it('lets no text be a formula, and leaves numbers alone', () => {
    expect(formatCsv(['=1+1'], [['=cmd|x'], ['+1'], ['-1'], ['@SUM(A1)'], ['\t=1'], ['＝1'], [-1]])).toBe("'=1+1\r\n'=cmd|x\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\n'\t=1\r\n'＝1\r\n-1\r\n");
  });
  it('comes back as it went, whatever the texts are', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.string({ unit: fc.constantFrom(...'a ",\r\n=+-@\t\'é🙂＝;') }), fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), { maxLength: 8 }), (rows) => {
      const expected = rows.map(([a, b, c]) => [...[a, b].map((text) => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text)), String(c)]);
      expect(readCsv(formatCsv(['a', 'b', 'c'], rows))).toEqual([['a', 'b', 'c'], ...expected]);
    }));
  });
});
