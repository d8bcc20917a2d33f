import { createServer, type RequestListener, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { readMlflowSettings } from '../../../cli/mlflow/settings.ts';
import type { Shape } from '../../../cli/mlflow/shape.ts';
import { openTransport, Refusal, type Transport } from '../../../cli/mlflow/transport.ts';
import { PipewrightError } from '../../../dsl/errors/index.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

async function serve(answer: RequestListener, attempts = 4, answerMs = 20_000): Promise<{ readonly transport: Transport; readonly address: string }> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return { address, transport: openTransport({ address }, { attempts, firstWaitMs: 1, longestWaitMs: 4, answerMs }) };
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined, (cause: unknown) => cause);
  if (error instanceof PipewrightError) return `${error.code} ${error.issues[0]!.message} ${error.issues[0]!.fix}`;
  if (error instanceof Refusal) return `${error.status} ${error.reason} ${error.message}`;
  throw error ?? new Error('nothing was refused');
}

describe('requests to an MLflow server', () => {
  it('are sent again on 429, 5xx and lost connections, and wait as long as they are told', async () => {
    const times: number[] = [];
    const { transport } = await serve((request, response) => {
      times.push(performance.now());
      if (times.length === 1) response.writeHead(503).end('busy');
      else if (times.length === 2) request.socket.destroy();
      else if (times.length === 3) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end('{"ok": true}');
    });
    expect(await transport.json('POST', '/api', { a: 1 })).toEqual({ ok: true });
    expect(times).toHaveLength(4);
    // Timers may fire a millisecond early.
    expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(995);
  });

  it('are given up after so many, and say what the last answer was', async () => {
    let count = 0;
    const { transport, address } = await serve((_request, response) => {
      count++;
      response.writeHead(500).end('{"error_code": "INTERNAL_ERROR", "message": "the database is locked\\nat line 1"}');
    });
    expect(await refusalOf(transport.json('GET', '/api/runs', {}))).toMatch(new RegExp(`^PW906 The MLflow server ${address} cannot be used: GET /api/runs is answered by 500 \\(the database is locked\\), 4 times\\. `));
    expect(count).toBe(4);
  });

  it('do not wait for ever for an answer', async () => {
    const { transport } = await serve(() => undefined, 1, 400);
    expect(await refusalOf(transport.json('GET', '/api', {}))).toContain('there was no answer in 0.4 s, once');
  });

  it.each([
    [404, '{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such run"}', '404 RESOURCE_DOES_NOT_EXIST no such run'],
    [404, '<!doctype html><title>Not found</title>', 'PW906 ADDRESS does not answer as an MLflow server: GET /api gave 404 and "<!doctype html><title>Not found</title>".'],
    [200, '<html>a login page</html>', 'PW906 ADDRESS does not answer as an MLflow server: GET /api gave 200 and "<html>a login page</html>".'],
    [302, '', 'PW906 ADDRESS does not answer as an MLflow server: GET /api gave 302 and nothing.'],
    [401, 'who are you', 'PW906 The MLflow server ADDRESS does not let this user in. Set MLFLOW_TRACKING_USERNAME'],
    [403, '{"message": "read only"}', 'PW906 The MLflow server ADDRESS does not allow this (read only).'],
    [403, 'Invalid Host header - possible DNS rebinding attack detected', 'PW906 The MLflow server ADDRESS answers only to other host names: Invalid Host header - possible DNS rebinding attack detected. Start it with --allowed-hosts'],
    [200, '{"hello": 1}', 'PW906 ADDRESS does not answer as an MLflow server: GET /api gave 200 and "{"hello": 1}", where run is missing or of another type.', { run: {} }],
    [200, '', 'PW906 ADDRESS does not answer as an MLflow server: GET /api gave 200 and nothing, where run is missing or of another type.', { run: {} }],
  ] as [number, string, string, Shape?][])('%i with %s is told in words, at once', async (status, content, expected, shape) => {
    let count = 0;
    const { transport, address } = await serve((_request, response) => {
      count++;
      response.writeHead(status).end(content);
    });
    expect(await refusalOf(transport.json('GET', '/api', {}, shape))).toContain(expected.replace('ADDRESS', address));
    expect(count).toBe(1);
  });

  it.each([
    [200, '\u001b]0;a title\u0007<html>\u001b[2J'],
    [403, JSON.stringify({ message: 'read\u001b[31m only\u009b' })],
    [403, 'Invalid Host header\u001b[2J'],
    [500, JSON.stringify({ message: 'locked\u001b[2J\r' })],
  ])('%i: what a server says does not reach the terminal as commands', async (status, content) => {
    const { transport } = await serve((_request, response) => void response.writeHead(status).end(content), 1);
    expect(await refusalOf(transport.json('GET', '/api', {}))).toMatch(/^[^\p{Cc}]+$/u);
  });

  it('make a thing once although every answer gets lost', async () => {
    const made: string[] = [];
    let answers = 0;
    const { transport } = await serve((request, response) => {
      if (request.method === 'POST') {
        made.push('it');
        request.socket.destroy();
      } else if (++answers < 3) request.socket.destroy();
      else response.end(JSON.stringify({ found: made[0] }));
    }, 6);
    expect(await transport.makeOnce(async (ask) => (await ask('GET', '/', {}))['found'], (ask) => ask('POST', '/', {}))).toBe('it');
    expect(made).toEqual(['it']);
  });

  it('stream a file, and open it anew for each attempt', async () => {
    const bodies: string[] = [];
    const { transport } = await serve((request, response) => void text(request).then((body) => {
      bodies.push(body);
      response.writeHead(bodies.length === 1 ? 502 : 200).end();
    }));
    let opened = 0;
    await transport.upload('/file', () => Promise.resolve(Readable.from([Buffer.from('one '), Buffer.from(`two ${++opened}`)])));
    expect(bodies).toEqual(['one two 1', 'one two 2']);
  });

  it('do not send what turns out to be damaged, and say so as the store does', async () => {
    let ended = 0;
    const { transport } = await serve((request, response) => {
      request.on('end', () => response.writeHead(200).end(String(ended++))).resume();
    });
    const damaged = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('the beginning');
      throw new PipewrightError({ code: 'PW401', message: 'The object is damaged.', fix: 'Run again.' });
    };
    expect(await refusalOf(transport.upload('/file', () => Promise.resolve(Readable.from(damaged()))))).toBe('PW401 The object is damaged. Run again.');
    expect(ended).toBe(0);
  });
});

describe('the settings of an MLflow server', () => {
  it.each([
    ['http://host:5000/', {}, 'http://host:5000', undefined],
    ['https://host/mlflow/', { MLFLOW_TRACKING_TOKEN: 't' }, 'https://host/mlflow', 'Bearer t'],
    [undefined, { MLFLOW_TRACKING_URI: 'http://host', MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'x:y', MLFLOW_TRACKING_TOKEN: 't' }, 'http://host', `Basic ${btoa('ada:x:y')}`],
    ['http://host', { MLFLOW_TRACKING_TOKEN: 't\n' }, 'http://host', 'Bearer t'],
    ['http://host/%40team', {}, 'http://host/%40team', undefined],
    ['http://bob:p%40ss@host', { MLFLOW_TRACKING_USERNAME: 'ada' }, 'http://host', `Basic ${btoa('bob:p@ss')}`],
  ])('%s with %o', (given, environment, address, authorization) => {
    expect(readMlflowSettings(given, environment)).toEqual({ address, ...(authorization === undefined ? {} : { authorization }) });
  });

  it.each([
    ['http://ada:se/cret@host', {}, '"http://…@host" is not the address of an MLflow server. Give an http or https address, such as http://127.0.0.1:5000. In the name and the password write / as %2F'],
    ['http://ada:12/secret@host', {}, '"http://…@host" is not the address'],
    ['http://ada:12?secret@host', {}, '"http://…@host" is not the address'],
    ['ada:se//cret@host', {}, '"…@host" is not the address'],
    [' http://ada:se\ncret@more@host:99999', {}, '" http://…@host:99999" is not the address'],
    ['ftp://ada:secret@host', {}, '"ftp://…@host" is not the address'],
    ['http://ada:secret%@host', {}, 'The name or the password in "http://…@host" has a % that begins no character. In the name and the password write'],
    ['http://secret%zz:x@host', {}, 'The name or the password in "http://…@host" has a %'],
    ['http://host', { MLFLOW_TRACKING_TOKEN: 'secret\nmore' }, 'MLFLOW_TRACKING_TOKEN holds a character that no header can carry.'],
    ['http://host', { MLFLOW_TRACKING_TOKEN: 'secret€' }, 'MLFLOW_TRACKING_TOKEN holds a character that no header can carry.'],
  ])('%j with %o is refused, and nothing secret repeated', async (given, environment, expected) => {
    const words = await refusalOf(Promise.resolve().then(() => readMlflowSettings(given, environment)));
    expect(words).toContain(`PW901 ${expected}`);
    expect(words).not.toMatch(/secret|cret|more/);
  });
});
