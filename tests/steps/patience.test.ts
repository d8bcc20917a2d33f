import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { isPassing, openStore } from '../../store/index.ts';
import { patiently } from '../../steps/runtime/patience.ts';

const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
/** Port 9 is "discard", where nothing listens. */
const silent = (): Promise<unknown> => openStore('s3://bucket', { ...keys, S3_ENDPOINT: 'http://127.0.0.1:9' });

let server: Server;
beforeAll(() => new Promise<void>((resolve) => {
  const refusal = '<?xml version="1.0"?><Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist.</Message></Error>';
  server = createServer((_request, response) => response.writeHead(403, { 'content-type': 'application/xml' }).end(refusal)).listen(0, '127.0.0.1', resolve);
}));
afterAll(() => void server.close());
const locked = (): Promise<unknown> => openStore('s3://bucket', { ...keys, S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

describe('a store that does not answer', () => {
  it('is asked again, told once, and then answers', async () => {
    const waits: number[] = [];
    let asked = 0;
    const answer = await patiently(() => (++asked === 2 ? Promise.resolve('back') : silent()), { seconds: 10, signal: new AbortController().signal, onWait: () => waits.push(asked) });
    expect([answer, asked, waits]).toEqual(['back', 2, [1]]);
  });

  it('is given up when the time is up, and at once when the step is to end', async () => {
    let asked = 0;
    const ask = (): Promise<unknown> => {
      asked++;
      return silent();
    };
    const signal = new AbortController().signal;
    await expect(patiently(ask, { seconds: 0.5, signal, onWait: () => undefined })).rejects.toMatchObject({ code: 'PW403' });
    await expect(patiently(ask, { seconds: 60, signal: AbortSignal.abort(), onWait: () => undefined })).rejects.toMatchObject({ code: 'PW403' });
    expect(asked).toBe(2);
  });

  it('is told apart from one that waiting does not mend', async () => {
    const errorOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error);
    expect([isPassing(await errorOf(silent())), isPassing(await errorOf(locked())), isPassing(await errorOf(openStore('s3://bucket', {}))), isPassing(new Error('ECONNREFUSED'))]).toEqual([true, false, false, false]);
    let asked = 0;
    await expect(patiently(() => { asked++; return locked(); }, { seconds: 60, signal: new AbortController().signal, onWait: () => undefined })).rejects.toBeInstanceOf(PipewrightError);
    expect(asked).toBe(1);
  });
});
