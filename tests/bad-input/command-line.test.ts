import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Author } from './support/call.ts';
import { codeIn, expectAnswer, fits, tablesOf, wordsOf } from './support/table.ts';

const [before, after] = tablesOf('Command line');
let author: Author;

beforeAll(async () => {
  author = await Author.create();
  await author.write('pipeline.ts', codeIn(''));
  await author.write('odd #1/pipeline.ts', codeIn(''));
  await author.write('notes.json', '{}');
  await author.write('empty.json', '');
  await author.write('half.json', '{"n": 1');
  await author.write('utf16.json', Buffer.from('\ufeff{"n": 1}', 'utf16le'));
  await author.write('list.json', '[1]');
  await author.write('null.json', '{"text": null}');
  await author.write('marked.json', '\ufeff{"n": -3}');
});
afterAll(() => author.remove());

describe('a wrong call, before anything has run', () => {
  it.each(before!)('$what: $given', async (row) => expectAnswer(await author.call(wordsOf(row.given)), row));

  it('a name that no file system takes', async () => {
    const { code, text } = await author.call(['check', `${'x'.repeat(300)}.ts`]);
    expect(text).toMatch(/^error PW902\n {2}The pipeline file cannot be looked at: ENAMETOOLONG: name too long, stat /);
    expect(code).toBe(2);
  });

  it('leaves no run behind', async () => {
    expect((await author.call(['runs', 'list'])).text).toBe('Nothing has run in .pipewright yet.\n');
  });
});

describe('a wrong call, after a run', () => {
  beforeAll(async () => expect((await author.call(['run', 'pipeline.ts'])).code).toBe(0));
  it.each(after!)('$what: $given', async (row) => expectAnswer(await author.call(wordsOf(row.given)), row));

  it('counts an empty variable as none', async () => {
    expect((await author.call(['runs', 'list'], { environment: { PIPEWRIGHT_FOLDER: '', PIPEWRIGHT_STORE: '' } })).text).toContain('notes  succeeded');
  });
});

describe('the page of these rows', () => {
  it('has the rows that are expected of it', () => {
    expect(before!.length).toBeGreaterThan(70);
    expect(after!.length).toBeGreaterThan(6);
  });
  it('is compared word by word', () => {
    expect([fits('There is no run.', 'There is no run.'), fits('There is no run.', 'There is … run.'), fits('There is no run!', 'There is no run.'), fits('x', '.')]).toEqual([true, true, false, false]);
  });
  it('divides words like a shell', () => {
    expect(wordsOf('run "a b.ts" --param \'x=[1, "c"]\' --out "" --n=3')).toEqual(['run', 'a b.ts', '--param', 'x=[1, "c"]', '--out', '', '--n=3']);
  });
});
