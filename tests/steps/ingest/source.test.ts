import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PipewrightError } from '../../../dsl/errors/index.ts';
import { digestOf } from '../../../dsl/util/index.ts';
import { PACKAGED } from '../../../steps/ingest/packaged.ts';
import { readSource, type Reading } from '../../../steps/ingest/read-source.ts';
import { openSource } from '../../../steps/ingest/source.ts';
import { sp500 } from '../../model/sample-bars.ts';

const CSV = 'date,open,high,low,close,volume\n2020-01-02,1,2,1,2,3\n2020-01-03,2,3,2,3,4\n';

const read = async (source: string, { digest, patienceSeconds = 0.3 }: { digest?: string; patienceSeconds?: number } = {}): Promise<Reading> =>
  (await readSource(await openSource(source, { patienceSeconds, attempts: 2, pauseSeconds: 0.01 }), digest)).reading;

describe('a source', () => {
  let folder: string;
  let server: Server;
  let base: string;
  let answer: RequestListener;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('is the packaged data, held against its digest', async () => {
    const { bars, reading } = await readSource(await openSource('packaged'));
    expect(bars).toEqual(sp500());
    expect(reading).toEqual({
      source: 'vega-datasets@3.2.1/sp500-2000.csv', digest: PACKAGED.digest, bytes: 415968, rows: 5105,
      firstDay: '2000-01-03', lastDay: '2020-04-17', columns: ['date', 'open', 'high', 'low', 'close', 'volume'],
    });
    const { version } = JSON.parse(await readFile(new URL('../../../node_modules/vega-datasets/package.json', import.meta.url), 'utf8')) as { version: string };
    expect(PACKAGED.version).toBe(version);
  });

  it('is a file, by path or as a URL', async () => {
    const path = join(folder, 'prices.csv');
    await writeFile(path, CSV);
    expect(await read(path)).toMatchObject({ source: 'prices.csv', digest: digestOf(CSV), rows: 2 });
    expect(await read(pathToFileURL(path).href)).toMatchObject({ source: 'prices.csv', rows: 2 });
  });

  it('must have the digest that was asked for', async () => {
    const path = join(folder, 'pinned.csv');
    await writeFile(path, CSV);
    expect(await read(path, { digest: digestOf(CSV) })).toMatchObject({ rows: 2 });
    await expect(read(path, { digest: digestOf('other') })).rejects.toThrow(/is not the file that is expected: its digest is sha256:.*, wanted is sha256:/);
  });

  it.each([
    ['a file that is not there', 'nowhere/prices.csv', /^PW502: There is no file "nowhere\/prices\.csv"/],
    ['a folder', tmpdir(), /^PW502: ".*" is a folder/],
    ['another kind of address', 'ftp://host/prices.csv', /^PW502: The source "ftp:\/\/host\/prices\.csv" is of a kind that cannot be read: ftp/],
  ])('is refused: %s', async (_what, source, message) => {
    await expect(read(source)).rejects.toThrow(message);
  });

  it.each([
    ['a web page', '\n<!doctype html><title>Log in</title>', /is not a CSV file but a web page; it begins with "<!doctype html>/],
    ['JSON', '{"error":"limit"}', /not a CSV file but JSON/],
    ['a compressed file', gzipSync(CSV), /not a CSV file but compressed with gzip\./],
    ['UTF-16', Buffer.from(`\ufeff${CSV}`, 'utf16le'), /text in UTF-16/],
    ['Latin 1', Buffer.from(`date,öpen\n`, 'latin1'), /is not text in UTF-8/],
  ])('is refused by its content: %s', async (_what, content, message) => {
    const path = join(folder, 'stranger.csv');
    await writeFile(path, content);
    await expect(read(path)).rejects.toThrow(message);
    await expect(read(path)).rejects.toBeInstanceOf(PipewrightError);
  });

  it('is an address; its name shows neither password nor query', async () => {
    let header: string | undefined;
    answer = (request, response) => {
      header = request.headers.authorization;
      response.end(CSV);
    };
    const reading = await read(`${base.replace('//', '//me:secret@')}/prices.csv?key=secret`);
    expect(reading).toMatchObject({ source: `${base}/prices.csv`, digest: digestOf(CSV), rows: 2 });
    expect(header).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  });

  it('follows a redirection', async () => {
    answer = (request, response) => (request.url === '/new' ? response.end(CSV) : response.writeHead(302, { location: '/new' }).end());
    expect(await read(`${base}/old`)).toMatchObject({ rows: 2 });
  });

  it.each([
    [404, 'PW502', 'answered 404 (Not Found).'],
    [403, 'PW502', 'answered 403 (Forbidden).'],
    [500, 'PW301', 'answered 500 (Internal Server Error).'],
    [429, 'PW301', 'answered 429 (Too Many Requests).'],
  ])('answers %i: refused for good only where asking again is no use', async (status, code, message) => {
    answer = (_request, response) => response.writeHead(status).end('<html>');
    await expect(read(`${base}/prices.csv`)).rejects.toThrow(`${code}: ${base}/prices.csv ${message}`);
  });

  it('breaks off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 10_000 });
      response.write(CSV);
      setTimeout(() => response.destroy(), 20);
    };
    await expect(read(`${base}/prices.csv`)).rejects.toThrow(/^PW301: .+ broke off in the middle of the file: .+/);
  });

  it('falls silent, before the answer or in the middle of it', async () => {
    answer = () => undefined;
    await expect(read(`${base}/prices.csv`)).rejects.toThrow(/^PW301: .+ was silent for 0\.3 s before it answered/);
    answer = (_request, response) => void response.writeHead(200, { 'content-length': 10_000 }).write(CSV);
    await expect(read(`${base}/prices.csv`)).rejects.toThrow(/was silent for 0\.3 s in the middle of the file/);
  });

  it('may be slow, as long as it goes on', async () => {
    const started = performance.now();
    let seconds = 0;
    answer = (_request, response) => {
      const pieces = CSV.match(/.{1,5}/gs)!;
      const timer = setInterval(() => {
        const piece = pieces.shift();
        if (piece !== undefined) return response.write(piece);
        clearInterval(timer);
        seconds = (performance.now() - started) / 1000;
        return response.end();
      }, 50);
    };
    expect(await read(`${base}/prices.csv`, { patienceSeconds: 0.6 })).toMatchObject({ rows: 2 });
    expect(seconds).toBeGreaterThan(0.6);
  });

  it('cannot be reached', async () => {
    await expect(read('http://127.0.0.1:1/prices.csv')).rejects.toThrow(/127\.0\.0\.1:1\/prices\.csv (cannot be reached: .+|was silent.+)/);
  });

  it('is given up when the run is cancelled', async () => {
    answer = () => undefined;
    const cancel = new AbortController();
    const reading = openSource(`${base}/prices.csv`, { patienceSeconds: 20, signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error('cancelled')), 20);
    await expect(reading).rejects.toThrow('cancelled');
  });
});
