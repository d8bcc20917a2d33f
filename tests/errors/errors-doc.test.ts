import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../dsl/errors/index.ts';
import { Author, PROJECT } from '../bad-input/support/call.ts';
import { CAUSES } from './causes.ts';
import { readEntries, readHeadings, writeExample } from './page.ts';

const ROOMS = ['dsl', 'store', 'registry', 'model', 'steps', 'serving', 'pipeline', 'cli'];

function filesBelow(folder: string, ending: RegExp): readonly (readonly [path: string, text: string])[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => [join(folder, name), readFileSync(join(PROJECT, folder, name), 'utf8')]);
}

const sources = ROOMS.flatMap((room) => filesBelow(room, /\.(ts|mjs)$/)).filter(([path]) => path !== 'dsl/errors/codes.ts');

describe('docs/ERRORS.md', () => {
  it('has an entry for each code, in order, with its title, and no other', () => {
    const wanted = Object.entries(ERROR_CODES).map(([code, title]) => `${code} ${title}`);
    expect(readEntries().map(({ code, title }) => `${code} ${title}`)).toEqual(wanted);
    expect(readHeadings()).toEqual(wanted);
  });

  it.each(readEntries())('says of $code what it means and how to mend it, in a few sentences', ({ meaning, mend }) => {
    for (const text of [meaning, mend]) {
      expect(text).toMatch(/^[A-Z`].{20,}[.)]$/);
      expect(text).not.toContain('\n\n');
    }
  });
});

describe('the codes', () => {
  it('are all used', () => {
    const used = new Set(sources.flatMap(([, text]) => [...text.matchAll(/(?:code: |, |\()'(PW\d{3})'/g)].map(([, code]) => code!)));
    expect(Object.keys(ERROR_CODES).filter((code) => !used.has(code))).toEqual([]);
  });

  it('are all that the sources and the other pages speak of', () => {
    const strangers = [...sources, ...filesBelow('docs', /\.md$/)].flatMap(([path, text]) => [...text.matchAll(/\bPW\d{3}\b/g)].filter(([code]) => !Object.hasOwn(ERROR_CODES, code)).map(([code]) => `${path}: ${code}`));
    expect(strangers).toEqual([]);
  });
});

/** What of all that was printed is about the code, and the command in front. */
function exampleOf(code: string, { typed, printed }: { readonly typed: string; readonly printed: string }): string {
  // What a step printed itself is repeated below its error; that depends on the machine.
  const lines = printed.split('\n').filter((line) => !line.startsWith('  │ '));
  const from = lines.findIndex((line) => line.startsWith(`error ${code}`) || line.startsWith(`${code}: `));
  const shown = from < 0
    ? lines.filter((line) => line.includes(` ${code} `)).slice(0, 1)
    : lines.slice(from, lines.findIndex((line, at) => at > from && (line === '' || /^PW\d{3}: /.test(line) || at === lines.length - 1)));
  return `$ ${typed}\n${shown.join('\n')}\n`;
}

/** Without what the next version of the code or of a model changes. */
function settled(example: string): string {
  return example
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replaceAll(/version [0-9a-f]{12}\b/g, 'version …')
    .replaceAll(/in \d+(?:\.\d+)? m?s\b/g, 'in … ms')
    .replaceAll(/[\d,]{9} bytes/g, '… bytes');
}

describe('the example of', () => {
  let author: Author;
  beforeAll(async () => {
    author = await Author.create();
  });
  afterAll(() => author.remove());

  /** Set to write the examples anew: the page is then to be read again by a person. */
  const writes = process.env['WRITE_EXAMPLES'] !== undefined;

  it.each(Object.keys(CAUSES) as ErrorCode[])('%s is what is printed', async (code) => {
    const example = exampleOf(code, await CAUSES[code](author));
    expect(example).toContain(code);
    if (writes) writeExample(code, example);
    expect(settled(readEntries().find((entry) => entry.code === code)!.example)).toBe(settled(example));
  });
});
