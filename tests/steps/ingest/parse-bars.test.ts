import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAR_COLUMNS, type Bars } from '../../../model/bars.ts';
import { parseBars } from '../../../steps/ingest/parse-bars.ts';
import { sp500 } from '../../model/sample-bars.ts';

async function* inChunks(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

const parse = async (text: string, size = 7): Promise<Bars> => (await parseBars('prices.csv', inChunks(text, size))).bars;
const HEADER = 'date,open,high,low,close,volume';

function toCsv(bars: Bars, lineBreak = '\n'): string {
  return [HEADER, ...bars.date.map((date, row) => [date, ...BAR_COLUMNS.map((column) => bars[column][row])].join(','))].join(lineBreak);
}

describe('parseBars', () => {
  it('reads what was written, whatever the chunks, the line breaks and the end of the file', async () => {
    const bars = sp500();
    const some: Bars = { ...bars, date: bars.date.slice(0, 50), ...Object.fromEntries(BAR_COLUMNS.map((column) => [column, bars[column].slice(0, 50)])) };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), async (size, lineBreak, ends) => {
        expect(await parse(toCsv(some, lineBreak) + (ends ? lineBreak : ''), size)).toEqual(some);
      }),
      { numRuns: 30 },
    );
  });

  it('reads more than one block', async () => {
    const text = toCsv(sp500()).split('\n');
    const body = text.slice(1).join('\n');
    const bars = await parse([HEADER, body, body, body, body].join('\n'), 65_536);
    expect(bars.date.length).toBe(4 * 5105);
    expect(bars.close.slice(3 * 5105)).toEqual(sp500().close);
  });

  it('finds columns in any order and case, with other columns between them, and other delimiters', async () => {
    const rows = 'Volume;Adj Close;Close;note;LOW;High;Open;Timestamp\n100;9;1.5;"a;b";1;2;1.25;2020-01-02 00:00:00-05:00\n';
    expect(await parse(rows)).toEqual({
      date: ['2020-01-02'], open: Float64Array.of(1.25), high: Float64Array.of(2), low: Float64Array.of(1), close: Float64Array.of(1.5), volume: Float64Array.of(100),
    });
    expect((await parse(rows.replaceAll('"a;b"', 'x').replaceAll(';', '\t'))).close[0]).toBe(1.5);
  });

  it('takes missing numbers for NaN and leaves blank lines out', async () => {
    const bars = await parse(`${HEADER}\n\n2020-01-02,,null,NaN,N/A,5\n\n\n2020-01-03,1,2,1,2,6\n\n`);
    expect(bars.date).toEqual(['2020-01-02', '2020-01-03']);
    expect([...bars.open]).toEqual([Number.NaN, 1]);
    expect([...bars.close]).toEqual([Number.NaN, 2]);
    expect([...bars.volume]).toEqual([5, 6]);
  });

  it.each([
    ['a word', 'abc'],
    ['hexadecimal', '0x10'],
    ['more than a double holds', '1e400'],
    ['a word that JavaScript takes for a number', 'Infinity'],
    ['an underscore', '1_000'],
  ])('refuses %s where a number is expected, with its line', async (_what, cell) => {
    await expect(parse(`${HEADER}\n2020-01-02,1,2,1,2,3\n\n2020-01-03,1,2,1,${cell},3\n`)).rejects.toThrow(
      `PW502: prices.csv cannot be read: line 4 has the close ${JSON.stringify(cell)}, which is not a number`,
    );
  });

  it('says what is meant when a number has a separator of thousands', async () => {
    await expect(parse(`${HEADER}\n2020-01-02,"1,234.5",2,1,2,3\n`)).rejects.toThrow('which is not a number in plain digits with a decimal point');
  });

  it.each(['01/02/2020', '2020-02-30', '2020-1-2', 'yesterday', ''])('refuses the date %j', async (date) => {
    await expect(parse(`${HEADER}\n${date},1,2,1,2,3\n`)).rejects.toThrow(`line 2 has the date ${JSON.stringify(date)}, which is not a day written as YYYY-MM-DD`);
  });

  it('reports several faults at once, and stops after five', async () => {
    const line = '2020-01-02,x,2,1,2,3';
    await expect(parse(`${HEADER}\n${line}\n${line}`)).rejects.toThrow(/line 2 has the open "x".* and line 3 has the open "x"/);
    await expect(parse(`${HEADER}\n${Array(9).fill(line).join('\n')}`)).rejects.toThrow(/line 6 has the open "x", which is not a number\. Reading stopped there/);
  });

  it('notices a file that was cut off, and lines with too many cells', async () => {
    await expect(parse(`${HEADER}\n2020-01-02,1,2,1,2,3\n2020-01-03,1,2`)).rejects.toThrow('line 3 has 3 cells where the header has 6: it may be cut off');
    await expect(parse(`${HEADER}\n2020-01-02,1,2,1,2,3,4\n`)).rejects.toThrow('line 2 has more cells than the header, which has 6');
    await expect(parse(`${HEADER}\n2020-01-02,"1,2,1,2,3\n`)).rejects.toThrow('has a quotation mark that is not closed');
  });

  it.each([
    ['an empty file', '', 'is empty'],
    ['a header alone', HEADER, 'has a header but no bars'],
    ['no header', '2020-01-02,1,2,1,2,3\n', 'has no header: its first line is "2020-01-02,1,2,1,2,3"'],
    ['columns that are missing', 'date,open,close\n', 'has no column high, low and volume; its first line names "date", "open" and "close"'],
    ['a column that is there twice', `${HEADER},Close\n2020-01-02,1,2,1,2,3,4`, 'has the column close twice'],
  ])('refuses %s', async (_what, text, message) => {
    await expect(parse(text)).rejects.toThrow(`PW502: prices.csv ${message}`);
  });
});
