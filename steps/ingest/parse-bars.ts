import { fromCSV } from 'arquero';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { listed } from '../../dsl/util/index.ts';
import { BAR_COLUMNS, isCalendarDay, type BarColumn, type Bars } from '../../model/bars.ts';
import { adjustBars } from './bars.ts';
import { readHeader, type Header } from './header.ts';

/** Text is read in blocks of about so many characters, cut between lines: memory holds one block and the numbers. */
const BLOCK = 1 << 20;
/** A file with many broken cells is broken in one way; the first few show it. */
const SHOWN_FAULTS = 5;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** How files write a number that is not there. */
const MISSING = new Set(['', 'null', 'nan', 'na', 'n/a', '#n/a', 'none', '-']);
/** Bars, and where a text has them: the line of each row, from 1. */
export interface ParsedBars {
  readonly bars: Bars;
  readonly lines?: Int32Array;
}

/** An ISO day, also as the beginning of a time: the day as the exchange writes it, whatever the zone. */
const DAY = /^(\d{4}-\d{2}-\d{2})([T ].*)?$/;

/**
 * Reads bars from the text of a CSV file with a header, in the order of its lines. A number that is not there (empty,
 * `null`, `NaN`, …) becomes NaN; whether that is tolerable is for validation to say. Columns of other names are left out.
 *
 * With `adjusted` the prices are those with dividends and splits worked in; the file must have its adjusted close then.
 *
 * PW502 with line numbers when the header lacks a column, a line has too few or too many cells, or a cell is neither a
 * number nor missing: then the file is not what it seems to be.
 */
export async function parseBars(name: string, text: AsyncIterable<string>, { adjusted = false }: { readonly adjusted?: boolean } = {}): Promise<ParsedBars> {
  const collector = new BarCollector(name, adjusted);
  let rest = '';
  for await (const chunk of text) {
    rest += chunk;
    if (rest.length < BLOCK) continue;
    const end = rest.lastIndexOf('\n') + 1;
    if (end === 0) throw collector.refuse('has no line break in its first million characters', 'Give a CSV file with one bar a line.');
    collector.add(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest !== '') collector.add(rest);
  return collector.finish();
}

class BarCollector {
  readonly #name: string;
  readonly #adjusted: boolean;
  readonly #adjustedCloses: number[] = [];
  readonly #dates: string[] = [];
  readonly #numbers: Readonly<Record<BarColumn, number[]>> = { open: [], high: [], low: [], close: [], volume: [] };
  readonly #lines: number[] = [];
  readonly #faults: string[] = [];
  #header: Header | undefined;
  /** Number of the next line, from 1. */
  #line = 1;

  constructor(name: string, adjusted: boolean) {
    this.#name = name;
    this.#adjusted = adjusted;
  }

  /** Takes whole lines. */
  add(block: string): void {
    let lines = block;
    if (this.#header === undefined) {
      // Lines in which nothing stands may come before the header.
      const blank = /^(?:[^\S\r\n]*(?:\r\n|\n|\r))*/.exec(block)![0];
      this.#line += countBreaks(blank);
      lines = block.slice(blank.length);
      if (lines.trim() === '') return;
      const end = /\r\n|\n|\r/.exec(lines);
      this.#header = readHeader(this.#name, end ? lines.slice(0, end.index) : lines);
      if (this.#adjusted && this.#header.adjustedClose === undefined) {
        throw this.refuse('has no column with adjusted closes', 'Name it "adjclose" in the first line; or set the parameter adjusted to false.');
      }
      this.#line++;
      lines = end ? lines.slice(end.index + end[0].length) : '';
    }
    if (lines === '') return;
    this.#addRows(this.#header, lines);
    if (this.#faults.length >= SHOWN_FAULTS) this.#throwFaults();
  }

  finish(): ParsedBars {
    if (this.#header === undefined) throw this.refuse('is empty', 'Give a file with a header and one bar a line.');
    if (this.#faults.length > 0) this.#throwFaults();
    if (this.#dates.length === 0) throw this.refuse('has a header but no bars', 'Give a file with one bar a line below the header.');
    const column = (of: BarColumn): Float64Array => Float64Array.from(this.#numbers[of]);
    const bars = { date: this.#dates, open: column('open'), high: column('high'), low: column('low'), close: column('close'), volume: column('volume') };
    return { bars: this.#adjusted ? adjustBars(bars, this.#adjustedCloses) : bars, lines: Int32Array.from(this.#lines) };
  }

  refuse(what: string, fix: string): PipewrightError {
    return new PipewrightError({ code: 'PW502', message: `${this.#name} ${what}.`, fix });
  }

  #addRows(header: Header, lines: string): void {
    const { delimiter, names } = header;
    if ((lines.split('"').length - 1) % 2 === 1) {
      throw this.refuse(`has a quotation mark that is not closed, in line ${this.#line} or below`, 'Correct the file; a line break inside quotation marks is not read.');
    }
    // Columns by number, because a file may have two of one name; and one more than the header has, which is empty unless
    // a line is too long. Types are not guessed: the guess takes 0x10 for 16 and 1e400 for Infinity.
    const numbered = Array.from({ length: names.length + 1 }, (_, at) => `column${at}`).join(delimiter);
    const table = fromCSV(`${numbered}\n${lines}`, { delimiter, autoType: false });
    const cells = table.columnNames().map((column) => table.array(column) as ArrayLike<string | null | undefined>);
    const last = names.length - 1;
    for (let row = 0; row < table.numRows(); row++, this.#line++) {
      if (this.#faults.length >= SHOWN_FAULTS) return;
      const isShort = cells[last]![row] === undefined;
      if (isShort && names.every((_, at) => !cells[at]![row])) continue;
      const count = names.filter((_, at) => cells[at]![row] !== undefined).length;
      if (isShort) this.#fault(`has ${count} cells where the header has ${names.length}: it may be cut off`);
      else if (cells[last + 1]![row] !== undefined) this.#fault(`has more cells than the header, which has ${names.length}`);
      else this.#addRow(header, (column) => cells[column]![row] ?? '');
    }
  }

  #addRow({ columns, adjustedClose }: Header, cell: (column: number) => string): void {
    const written = cell(columns.date).trim();
    const day = DAY.exec(written)?.[1];
    if (day === undefined || !isCalendarDay(day)) this.#fault(`has the date ${quote(written)}, which is not a day written as YYYY-MM-DD`);
    this.#dates.push(day ?? written);
    this.#lines.push(this.#line);
    for (const column of BAR_COLUMNS) {
      this.#numbers[column].push(this.#number(column, cell(columns[column])));
    }
    if (this.#adjusted) this.#adjustedCloses.push(this.#number('adjusted close', cell(adjustedClose!)));
  }

  #number(column: string, written: string): number {
    const text = written.trim();
    const value = NUMBER.test(text) ? Number(text) : MISSING.has(text.toLowerCase()) ? Number.NaN : undefined;
    if (value === undefined || Math.abs(value) === Infinity) this.#fault(`has the ${column} ${quote(text)}, which is not a number${hintFor(text)}`);
    return value ?? Number.NaN;
  }

  #fault(what: string): void {
    this.#faults.push(`line ${this.#line} ${what}`);
  }

  #throwFaults(): never {
    const shown = this.#faults.slice(0, SHOWN_FAULTS);
    const stopped = this.#faults.length >= SHOWN_FAULTS ? ' Reading stopped there.' : '';
    throw new PipewrightError({
      code: 'PW502',
      message: `${this.#name} cannot be read: ${listed(shown)}.${stopped}`,
      fix: 'Correct these lines. A value that is not known may be left empty: validation then sets its row aside.',
    });
  }
}

function countBreaks(text: string): number {
  return text.split(/\r\n|\n|\r/).length - 1;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

function hintFor(text: string): string {
  return /^[+-]?\d{1,3}([.,' ]\d{3})*([.,]\d+)?$/.test(text) ? ' in plain digits with a decimal point' : '';
}
