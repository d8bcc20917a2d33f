import { createHash } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Attempts } from '../../../steps/ingest/http/attempts.ts';
import { download } from '../../../steps/ingest/http/download.ts';
import { PassingFault, unreachable } from '../../../steps/ingest/http/fault.ts';
import { nextAddress } from '../../../steps/ingest/http/follow.ts';
import type { Limits } from '../../../steps/ingest/http/limits.ts';
import { retryAfter } from '../../../steps/ingest/http/refusal.ts';
import { takeTurn } from '../../../steps/ingest/http/spacing.ts';
import { breakAfter, QUICK_LIMITS, startServer, type LocalServer } from './server.ts';

const TEXT = Buffer.from('date,open,high,low,close,volume\n2020-01-02,1,2,1,2,3\n2020-01-03,2,3,2,3,4\n');

describe('a download', () => {
  let server: LocalServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  async function get(limits: Partial<Limits> = {}, address = `${server.base}/prices.csv`): Promise<Buffer> {
    const { bytes } = await download(new URL(address), {}, { ...QUICK_LIMITS, ...limits });
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  const status = (code: number, headers: Readonly<Record<string, string>> = {}): RequestListener => (_request, response) => void response.writeHead(code, headers).end('no');
  const send: RequestListener = (_request, response) => void response.end(TEXT);

  describe('is asked for again', () => {
    it.each([408, 429, 500, 502, 503, 504])('after %i', async (code) => {
      server.answer(status(code), status(code), send);
      expect(await get()).toEqual(TEXT);
      expect(server.asked).toHaveLength(3);
    });

    it('after a connection that was cut before the answer', async () => {
      server.answer((request) => void request.socket.destroy(), send);
      expect(await get()).toEqual(TEXT);
    });

    it('but not after an answer that would be the same again', async () => {
      for (const code of [400, 401, 403, 404, 410, 422]) {
        server.answer(status(code), send);
        await expect(get()).rejects.toThrow(`PW502: ${server.base}/prices.csv answered ${code}`);
        expect(server.asked).toHaveLength(1);
      }
    });

    it('as often as the limits say, and says how often', async () => {
      server.answer(status(503));
      await expect(get({ attempts: 4 })).rejects.toThrow(`PW301: ${server.base}/prices.csv answered 503 (Service Unavailable). Asked 4 times.`);
      expect(server.asked).toHaveLength(4);
      await expect(get({ attempts: 1 })).rejects.toThrow(/503 \(Service Unavailable\)\.$/);
    });

    it('not before the time that the server names', async () => {
      server.answer(status(429, { 'retry-after': '1' }), send);
      expect(await get()).toEqual(TEXT);
      const [first, second] = server.asked;
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
    });

    it('not at all when that time is longer than anybody waits', async () => {
      server.answer(status(429, { 'retry-after': '3600' }), send);
      await expect(get()).rejects.toThrow(/^PW301: .+ answered 429 \(Too Many Requests\) and wants to be asked again after 3600 s\.$/);
      expect(server.asked).toHaveLength(1);
    });
  });

  it('draws each pause up to a bound that doubles', async () => {
    const drawn: number[] = [];
    const attempts = new Attempts({ ...QUICK_LIMITS, attempts: 5, pauseSeconds: 0.001, random: { uniform: () => (drawn.push(performance.now()), 1) } });
    await expect(attempts.run(() => Promise.reject(new PassingFault('no')))).rejects.toThrow('PW301: no. Asked 5 times.');
    // The bound after the fourth fault is 8 ms: at least so much lies between the draws.
    expect(drawn[4]! - drawn[3]!).toBeGreaterThanOrEqual(7);
    await expect(attempts.run(() => Promise.reject(new RangeError('broken')))).rejects.toThrow(RangeError);
  });

  it('reads Retry-After as seconds or as a date', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(retryAfter('120', now)).toBe(120);
    expect(retryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now)).toBe(60);
    expect(retryAfter('Thu, 01 Jan 2025 00:00:00 GMT', now)).toBe(0);
    expect(retryAfter('soon', now)).toBeUndefined();
    expect(retryAfter(undefined, now)).toBeUndefined();
  });

  describe('is taken up where it broke off', () => {
    const partial = (body: Uint8Array, breaks: readonly number[], { etag, ranges }: { readonly etag?: string; readonly ranges: boolean }): RequestListener => {
      const left = [...breaks];
      return (request, response) => {
        const from = ranges && request.headers['if-range'] === etag ? Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
        const rest = body.subarray(from);
        response.writeHead(from > 0 ? 206 : 200, {
          'content-length': rest.length, ...(etag === undefined ? {} : { etag }), ...(from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
        });
        const count = left.shift();
        if (count === undefined) response.end(rest);
        else breakAfter(response, rest, Math.min(count, rest.length - 1));
      };
    };

    it('by asking for the rest of the same version', async () => {
      server.answer(partial(TEXT, [20, 30], { etag: '"v1"', ranges: true }));
      expect(await get()).toEqual(TEXT);
      expect(server.asked.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([[undefined, undefined], ['bytes=20-', '"v1"'], ['bytes=50-', '"v1"']]);
    });

    it('whatever the server knows of ranges and versions, and wherever it breaks', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.array(fc.nat(3000), { maxLength: 3 }), fc.constantFrom(undefined, '"v1"', 'W/"v1"'), fc.boolean(), async (body, breaks, etag, ranges) => {
          server.answer(partial(body, breaks, { ...(etag === undefined ? {} : { etag }), ranges: ranges && etag === '"v1"' }));
          expect(await get({ attempts: 5 })).toEqual(Buffer.from(body));
        }),
        { numRuns: 40 },
      );
    });

    it.each([
      ['another version', '"v1"', Buffer.from(TEXT.toString().replaceAll('2', '9'))],
      ['another version without a name', undefined, Buffer.from(TEXT.toString().replaceAll('2', '9'))],
      ['a version that is shorter', undefined, TEXT.subarray(0, 10)],
    ])('but never with %s', async (_what, etag, other) => {
      const head = { 'content-length': String(TEXT.length), ...(etag === undefined ? {} : { etag }) };
      server.answer((_request, response) => breakAfter(response.writeHead(200, head), TEXT, 40), (_request, response) => void response.end(other));
      await expect(get()).rejects.toThrow(`PW301: ${server.base}/prices.csv changed while it was read.`);
    });

    it('but never with another part, or when the file has become too short', async () => {
      const first: RequestListener = (_request, response) => breakAfter(response.writeHead(200, { 'content-length': TEXT.length, etag: '"v1"' }), TEXT, 40);
      server.answer(first, (_request, response) => void response.writeHead(206, { 'content-range': `bytes 0-${TEXT.length - 1}/${TEXT.length}` }).end(TEXT));
      await expect(get()).rejects.toThrow(`PW301: ${server.base}/prices.csv was asked for the rest of the file and gave another part of it.`);
      server.answer(first, status(416));
      await expect(get()).rejects.toThrow('changed while it was read');
    });
  });

  describe('is refused by its head', () => {
    it.each([
      ['a length beyond the limit', { 'content-length': '5000' }, /^PW502: .+ is too large: 5000 bytes, allowed are 1000\.$/],
      ['a picture', { 'content-type': 'image/png' }, /^PW502: .+ answers with image\/png, not with data\.$/],
      ['UTF-16', { 'content-type': 'text/csv; charset=UTF-16' }, /^PW502: .+ is text in utf-16\.$/],
      ['a packing that was not asked for', { 'content-encoding': 'zstd' }, /^PW502: .+ is packed in a way that was not asked for: zstd\.$/],
    ])('%s', async (_what, headers, message) => {
      server.answer((_request, response) => void response.writeHead(200, headers).end('x'));
      await expect(get({ maximumBytes: 1000 })).rejects.toThrow(message);
    });

    it('but not for naming Latin 1, as servers do for anything', async () => {
      server.answer((_request, response) => void response.writeHead(200, { 'content-type': 'text/plain; charset=ISO-8859-1' }).end(TEXT));
      expect(await get()).toEqual(TEXT);
    });
  });

  it('ends when more comes than is allowed, packed or unpacked', async () => {
    server.answer((_request, response) => {
      for (let count = 0; count < 20; count++) response.write(Buffer.alloc(100));
      response.end();
    });
    await expect(get({ maximumBytes: 1000 })).rejects.toThrow(/^PW502: .+ is too large: more than 1000 bytes, allowed are 1000\./);
    const bomb = gzipSync(Buffer.alloc(100_000));
    expect(bomb.length).toBeLessThan(1000);
    server.answer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    await expect(get({ maximumBytes: 1000 })).rejects.toThrow(/^PW502: .+ is too large: more than 1000 bytes/);
  });

  it('is unpacked when the server packs it on its own account', async () => {
    server.answer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(TEXT)));
    expect(await get()).toEqual(TEXT);
  });

  it.each([
    ['no gzip at all', Buffer.from('this is not gzip')],
    ['gzip that is cut off', gzipSync(TEXT).subarray(0, 40)],
    ['gzip that is damaged', Buffer.from(gzipSync(TEXT)).fill(7, 12, 30)],
  ])('is refused when it is %s', async (_what, body) => {
    server.answer((_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
    await expect(get()).rejects.toThrow(/^PW502: .+ says that it is packed with gzip, but it cannot be unpacked: it is damaged or cut off\./);
  });

  describe('has time limits', () => {
    it('on the connection', async () => {
      // Takes connections and never shakes hands.
      const sockets: Socket[] = [];
      const mute = createServer((socket) => void sockets.push(socket));
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const address = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/prices.csv`;
      await expect(get({ connectSeconds: 0.2, attempts: 1 }, address)).rejects.toThrow(`PW301: ${address} did not accept a connection within 0.2 s.`);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => mute.close(resolve));
    });

    it('on the whole, however busy the server is', async () => {
      let timer: NodeJS.Timeout | undefined;
      server.answer((_request, response) => {
        timer = setInterval(() => response.write('x'), 10);
        response.on('close', () => clearInterval(timer));
      });
      await expect(get({ totalSeconds: 0.3 })).rejects.toThrow(/^PW301: .+ was not read to its end within 0\.3 s\./);
    });

    it('not on the reader', async () => {
      server.answer((_request, response) => {
        response.write(TEXT.subarray(0, 30));
        setTimeout(() => response.end(TEXT.subarray(30)), 20);
      });
      const { bytes } = await download(new URL(`${server.base}/prices.csv`), {}, { ...QUICK_LIMITS, patienceSeconds: 0.1, attempts: 1 });
      let count = 0;
      for await (const chunk of bytes) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        count += chunk.length;
      }
      expect(count).toBe(TEXT.length);
    });
  });

  describe('follows redirections', () => {
    it('only so many', async () => {
      server.answer((request, response) => void response.writeHead(302, { location: `${request.url}x` }).end());
      await expect(get()).rejects.toThrow(/^PW502: .+ sends on from one address to the next, more than 5 times\./);
      expect(server.asked).toHaveLength(6);
    });

    it('without telling another host the password', async () => {
      server.answer((_request, response) => void response.writeHead(302, { location: `http://localhost:${server.port}/other` }).end(), send);
      expect(await get({}, `http://me:secret@127.0.0.1:${server.port}/prices.csv`)).toEqual(TEXT);
      expect(server.asked.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
    });

    it('but not to what is not encrypted, or not of the web', async () => {
      server.answer((_request, response) => void response.writeHead(302, { location: 'http://example.org/prices.csv?key=1' }).end());
      await expect(get()).rejects.toThrow(/^PW502: http:\/\/example\.org\/prices\.csv is not encrypted/);
      server.answer((_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end());
      await expect(get()).rejects.toThrow(/sends on to something that is not an address of the web/);
    });
  });

  it('is https outside this machine, unless http is allowed', async () => {
    const secure = new URL('https://example.org/a');
    expect(nextAddress(secure, '/b', { allowHttp: false }).href).toBe('https://example.org/b');
    expect(() => nextAddress(secure, 'http://127.0.0.1/b', { allowHttp: false })).toThrow(/sends on from https to http:\/\/127\.0\.0\.1\/b, which is not encrypted/);
    expect(nextAddress(secure, 'http://example.org/b', { allowHttp: true }).href).toBe('http://example.org/b');
    await expect(get({}, 'http://example.org/prices.csv')).rejects.toThrow('PW502: http://example.org/prices.csv is not encrypted: what it answers could be read and changed on the way.');
    for (const host of ['localhost', 'prices.localhost', '127.0.0.1', '127.8.9.1', '[::1]']) expect(nextAddress(new URL('http://localhost/'), `http://${host}/x`, { allowHttp: false }).pathname).toBe('/x');
    for (const host of ['127.0.0.1.example.org', 'localhost.example.org', '[::2]', '10.0.0.1']) expect(() => nextAddress(new URL('http://localhost/'), `http://${host}/x`, { allowHttp: false })).toThrow('not encrypted');
  });

  it('is never of a server that cannot prove who it is', () => {
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']) {
      expect(unreachable('https://a/', Object.assign(new Error('bad'), { code })).message).toBe('PW502: https://a/ has a certificate that is not trusted: bad.');
    }
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', undefined]) expect(unreachable('https://a/', Object.assign(new Error('bad'), { code }))).toBeInstanceOf(PassingFault);
  });

  it('keeps a distance between requests to one host', async () => {
    const started = performance.now();
    const at = await Promise.all(Array.from({ length: 4 }, () => takeTurn('spaced.test', 0.03).then(() => performance.now() - started)));
    at.forEach((elapsed, turn) => expect(elapsed).toBeGreaterThanOrEqual(turn * 30 - 2));
    await takeTurn('other.test', 10);
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(new Error('cancelled')), 10);
    await expect(takeTurn('other.test', 10, cancel.signal)).rejects.toThrow('cancelled');
  });

  it('is the same, byte for byte, when it is large', async () => {
    const large = Buffer.alloc(3_000_000, 'abcdefghij');
    server.answer((_request, response) => breakAfter(response.writeHead(200, { 'content-length': large.length }), large, 1_234_567), (_request, response) => void response.end(large));
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(await get())).toBe(digest(large));
  });
});
