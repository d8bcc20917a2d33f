import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeModel, MODEL_NAME } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';

const INFER = `/v2/models/${MODEL_NAME}/infer`;

let server: TestServer;

beforeAll(async () => {
  server = await start(folderOrigin(await writeModel(makeModel())), { headersTimeout: 0.2, requestTimeout: 2, bodyLimit: 2048, drainTimeout: 1 });
});
afterAll(() => server.drain('the test is over'));

/** Sends text over a bare socket and collects what comes back until the server ends the connection. */
function speak(...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket: Socket = connect(server.port, '127.0.0.1', () => parts.forEach((part) => socket.write(part)));
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text)).on('error', reject).on('close', () => resolve(heard));
  });
}

function expectError(heard: string, status: number, words: string): void {
  expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
  expect(heard.toLowerCase()).toContain('content-type: application/json\r\n');
  expect((JSON.parse(heard.slice(heard.indexOf('\r\n\r\n'))) as { error: string }).error).toContain(words);
}

describe('connections that misbehave', () => {
  it('headers that never end are cut off, and bodies after them', async () => {
    const cutOff: string[] = [];
    const headers = speak('GET /v2 HTTP/1.1\r\nhost: x\r\nx-slow: ').then((heard) => { cutOff.push('headers'); return heard; });
    const body = speak(`POST ${INFER} HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{"inputs":`).then((heard) => { cutOff.push('body'); return heard; });
    expectError(await headers, 408, 'took too long to arrive');
    expectError(await body, 408, 'took too long to arrive');
    expect(cutOff).toEqual(['headers', 'body']);
  });

  it('what is not HTTP, too large headers and proxy requests get an error of the same shape', async () => {
    expectError(await speak('HELLO\r\n\r\n'), 400, 'not valid HTTP/1.1');
    expectError(await speak(`GET /v2 HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`), 431, 'headers of the request are too large');
    expectError(await speak('CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n'), 405, 'this is no proxy');
    expectError(await speak('GET /v2 HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n\r\n'), 417, 'leave the header Expect out');
  });

  it('a body that is announced too large is refused before it is sent', async () => {
    const heard = await speak(`POST ${INFER} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 4096\r\n\r\n`);
    expect(heard).not.toContain('100 Continue');
    expectError(heard, 413, 'larger than 2048 bytes');
    expect(await speak(`POST ${INFER} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`, '{}')).toContain('100 Continue');
  });

  it('a client that goes away is counted, and the server lives', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST ${INFER} HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await expect.poll(async () => (await server.get('/metrics')).text, { timeout: 10_000 }).toMatch(/http_request_duration_seconds_count\{method="POST",path="\/v2\/models\/\{model\}\/infer",status="499"\} \d/);
    expect((await server.get('/v2/health/ready')).status).toBe(200);
    expect(server.events.filter(({ event }) => event === 'request-failed')).toEqual([]);
  });
});
