import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import ingest from '../../steps/ingest/run.ts';
import { settle } from './support/call.ts';
import { fits, tablesOf, type Row } from './support/table.ts';

const [files, sources] = tablesOf('Data');
const [calls] = tablesOf('Step command line');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipewright-bad-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts ingest as its own program would be, in this process. */
async function start(words: readonly string[]): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const outputs = ['prices', 'manifest'].flatMap((name) => ['--output', `${name}=${join(folder, 'out', name)}`]);
  const results = ['rows', 'firstDay', 'lastDay', 'asOf'].flatMap((name) => ['--result', `${name}=${join(folder, 'out', name)}`]);
  const host = { environment: {}, print: (_: string, line: string) => void lines.push(settle(line, folder)), signal: new AbortController().signal };
  return { code: await ingest.invoke([...words, ...outputs, ...results], host), lines };
}

function expectLine({ code, lines }: { readonly code: number; readonly lines: readonly string[] }, { answer, exit }: Row): void {
  const wanted = answer.code === undefined ? answer.words : `${answer.code}: ${answer.words}`;
  if (!lines.some((line) => fits(line, wanted))) expect(lines.join('\n')).toBe(wanted);
  expect(code).toBe(exit ?? (answer.code === undefined ? 0 : answer.code === 'PW301' ? 1 : 64));
}

const BYTES: Readonly<Record<string, Uint8Array>> = {
  '(zip)': Uint8Array.of(0x50, 0x4b, 3, 4),
  '(gzip)': gzipSync('date,open'),
  '(utf16)': Buffer.from('\ufeffdate,open', 'utf16le'),
  '(parquet)': Buffer.from('PAR1 and then nothing'),
  '(bytes)': Uint8Array.of(0x00, 0x01, 0xff, 0xc3),
};

describe('a file of prices', () => {
  it.each(files!)('$what', async (row) => {
    const path = join(folder, 'prices.csv');
    await writeFile(path, BYTES[row.given] ?? row.given.replace('(BOM)', '\ufeff').replace('HEAD', 'date,open,high,low,close,volume').replaceAll('⏎', '\n'));
    expectLine(await start(['--parameter', `source=${path}`]), row);
  });
});

describe('a source', () => {
  it.each(sources!)('$what', async (row) => expectLine(await start(['--parameter', `source=${row.given.replace('/home/ada/demo', folder)}`, '--parameter', 'patienceSeconds=5']), row));
});

describe('the command line of a step', () => {
  it.each(calls!)('$what: $given', async (row) => expectLine(await start(row.given.split(' ')), row));
});
