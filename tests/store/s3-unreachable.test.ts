import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { formatIssues } from '../../dsl/errors/index.ts';
import { openS3Store } from '../../store/s3-store.ts';
import type { S3Settings } from '../../store/s3-settings.ts';
import { failure } from './behaviour.ts';

// What a server that is no S3 server does needs no MinIO; the errors of a real one are tested in tests/rig.
const servers: net.Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

describe('an S3 store that cannot be reached', () => {
  it('is told when nothing listens', async () => {
    const free = await listen(net.createServer());
    servers.pop()!.close();
    const error = await failure(openS3Store(settings(free)));
    expect(error.code).toBe('PW403');
    expect(error.message).toContain(`http://127.0.0.1:${free}`);
    expect(error.message).toContain('the server does not answer (ECONNREFUSED');
    expect(error.issues[0]!.fix).toContain('Start the server');
    expectNoSecret(error);
  });

  it('is told when the host name is not known', async () => {
    const error = await failure(openS3Store({ ...settings(9000), endPoint: 'no-such-host.invalid' }));
    expect(error.message).toMatch(/the host name is not known \((ENOTFOUND|EAI_AGAIN)/);
  });

  it('is told when the server accepts and never answers', async () => {
    const held: net.Socket[] = [];
    const port = await listen(net.createServer((socket) => held.push(socket)));
    const error = await failure(openS3Store({ ...settings(port), answerTimeoutMs: 100 }));
    expect(error.message).toContain('the server does not answer (ESOCKETTIMEDOUT: the server took too long');
    for (const socket of held) socket.destroy();
  });

  it('is told when the server speaks no TLS', async () => {
    const port = await listen(http.createServer((_request, response) => response.end('hello')));
    const error = await failure(openS3Store({ ...settings(port), useSSL: true }));
    expect(error.message).toContain('the server does not speak TLS');
    expect(error.issues[0]!.fix).toContain('http://');
  });

  it.each([
    [200, '<html>hello</html>'],
    [404, '<html>no such page</html>'],
    [404, 'not even markup'],
  ])('is told when the server is no S3 server (status %d)', async (status, body) => {
    const port = await listen(http.createServer((_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end(body)));
    const error = await failure(openS3Store(settings(port)));
    expect(error.code).toBe('PW403');
    expect(error.message).toContain('cannot be used');
    expectNoSecret(error);
  });

  it('keeps a secret that the server repeats out of the message', async () => {
    const body = `<Error><Code>SignatureDoesNotMatch</Code><Message>computed with very-secret for some-key</Message><AWSAccessKeyId>some-key</AWSAccessKeyId></Error>`;
    const port = await listen(http.createServer((_request, response) => response.writeHead(403).end(body)));
    const error = await failure(openS3Store(settings(port)));
    expect(error.message).toContain('the server does not accept the credentials');
    expectNoSecret(error);
  });

  it('tries again when the failure may pass', async () => {
    let requests = 0;
    const empty = '<ListBucketResult><Name>models</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>';
    const port = await listen(http.createServer((_request, response) => (++requests < 3 ? response.writeHead(503).end() : response.end(empty))));
    expect((await openS3Store(settings(port))).description).toBe('s3://models/team');
    expect(requests).toBe(3);
  });

  it('gives up when it does not pass', async () => {
    let requests = 0;
    const port = await listen(http.createServer((_request, response) => (requests++, response.writeHead(503).end())));
    expect((await failure(openS3Store(settings(port)))).message).toContain('503');
    expect(requests).toBe(4);
  });
});

function settings(port: number): S3Settings {
  return { endPoint: '127.0.0.1', port, useSSL: false, bucket: 'models', prefix: 'team', accessKey: 'some-key', secretKey: 'very-secret', region: 'us-east-1' };
}

function expectNoSecret(error: Error): void {
  const everything = `${inspect(error, { depth: 10 })} ${formatIssues((error as never as { issues: [] }).issues)}`;
  expect(everything).not.toContain('very-secret');
  expect(everything).not.toContain('some-key');
}

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
