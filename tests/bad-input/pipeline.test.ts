import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Author } from './support/call.ts';
import { codeIn, expectAnswer, tablesOf, type Row } from './support/table.ts';

const [files] = tablesOf('Pipeline file');
const [graphs, compiled] = tablesOf('Pipeline');
const FRAME = codeIn('Pipeline');
const BYTES = Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x41);

let author: Author;
beforeAll(async () => {
  author = await Author.create();
});
afterAll(() => author.remove());

const misused = (row: Row): Row => ({ ...row, exit: 2 });

describe('a file that holds no pipeline', () => {
  it.each(files!)('$what', async (row) => {
    await author.write('file.ts', row.given === '(bytes)' ? BYTES : row.given);
    expectAnswer(await author.call(['check', 'file.ts']), misused(row));
  });
});

describe('a pipeline that makes no sense', () => {
  it.each(graphs!)('$what', async (row) => {
    await author.write('file.ts', FRAME.replace('/* here */', () => row.given));
    const told = await author.call(['check', 'file.ts']);
    expectAnswer(told, misused(row));
    // Every mistake has the author's own line.
    expect(told.text).toMatch(/^error PW\d{3} file\.ts:\d+:\d+$/m);
  });

  it.each(compiled!)('for Argo: $what', async (row) => {
    await author.write('file.ts', FRAME.replace('/* here */', () => row.given));
    expectAnswer(await author.call(['compile', 'file.ts']), misused(row));
  });

  it('has the frame and the rows that are expected', async () => {
    await author.write('file.ts', FRAME.replace('/* here */', 'task(write, { text: "a" });'));
    expect((await author.call(['check', 'file.ts'])).text).toBe('✓ p: 1 task, 1 step, no mistakes\n');
    expect([files!.length, graphs!.length, compiled!.length].map((count) => count > 1)).toEqual([true, true, true]);
    expect(graphs!.length).toBeGreaterThan(55);
  });
});
