import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { errorsIn, hasStackTrace, type Told } from './call.ts';

export const PAGE = readFileSync(new URL('../../../docs/bad-input.md', import.meta.url), 'utf8');

/** What a row expects: a code and a message, or words of what is printed. */
export interface Answer {
  readonly code: string | undefined;
  readonly words: string;
}

export interface Row {
  /** The first column. */
  readonly what: string;
  /** The second: a command, a file, a script. */
  readonly given: string;
  readonly exit: number | undefined;
  readonly answer: Answer;
  /** The last column, where it names a test. */
  readonly test: string | undefined;
}

/** The text of a section, to the next heading of its rank. */
function sectionOf(title: string): string {
  const start = PAGE.indexOf(`\n## ${title}\n`);
  if (start < 0) throw new Error(`docs/bad-input.md has no section "${title}"`);
  const end = PAGE.indexOf('\n## ', start + 4);
  return PAGE.slice(start, end < 0 ? undefined : end);
}

/** A block of code of the page; before the first section with `''`. */
export function codeIn(title: string): string {
  const text = title === '' ? PAGE.slice(0, PAGE.indexOf('\n## ')) : sectionOf(title);
  return /```ts\n([^]*?)```/.exec(text)![1]!;
}

/** The tables of a section, from the top. */
export function tablesOf(title: string): readonly (readonly Row[])[] {
  const tables = sectionOf(title).split(/\n(?!\|)/).flatMap((block) => (block.startsWith('|') || block.includes('\n|') ? [block.slice(block.indexOf('|')).trim().split('\n')] : []));
  return tables.map(([head, , ...lines]) => lines.map((line) => toRow(cellsOf(head!), cellsOf(line))));
}

function cellsOf(line: string): readonly string[] {
  return line.replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function toRow(head: readonly string[], cells: readonly string[]): Row {
  const at = (name: string): string | undefined => cells[head.indexOf(name)];
  const [, code, words] = /^(?:(PW\d{3}) )?(.*)$/s.exec(at('Answer')!)!;
  const [exit, test] = [at('Exit') ?? at('Status'), at('Test')];
  return { what: cells[0]!, given: plain(cells[1]!), exit: exit === undefined ? undefined : Number(exit), answer: { code, words: plain(words!) }, test: test === undefined ? undefined : plain(test) };
}

/** Without the marks of code: one backtick, or two where the code has some itself. */
function plain(cell: string): string {
  return /^(`+)([^]*)\1$/.exec(cell)?.[2] ?? cell;
}

/** `…` stands for any words. */
export function fits(text: string, words: string): boolean {
  const pattern = words.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*?');
  return new RegExp(`^${pattern}$`).test(text);
}

/** Holds what was printed against a row. */
export function expectAnswer({ code, text }: Told, { answer, exit }: Row): void {
  expect(hasStackTrace(text), text).toBe(false);
  if (answer.code === undefined) expect(text.split('\n').some((line) => fits(line, answer.words)) || fits(text.trim(), answer.words), `${text}\n--- is not ---\n${answer.words}`).toBe(true);
  else {
    const found = errorsIn(text);
    if (!found.some((error) => error.code === answer.code && fits(error.message, answer.words))) expect(found.length === 0 ? text : found).toEqual(answer);
  }
  if (exit !== undefined) expect(code, text).toBe(exit);
}

/** The words of a command as a shell would divide them. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2').replace(/^""$|^''$/, ''));
}
