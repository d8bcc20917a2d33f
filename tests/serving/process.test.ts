import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { makeModel, MODEL_NAME } from './support/models.ts';
import { makeRegistry, promoteModel, writeModel } from './support/stored.ts';

const MAIN = fileURLToPath(new URL('../../serving/main.ts', import.meta.url));

interface Served {
  readonly child: ChildProcess;
  /** The address that was printed; rejects when the process ends before. */
  readonly url: Promise<string>;
  readonly exit: Promise<number | null>;
  stderr(): string;
}

/** A busy machine is not a failure. */
const PATIENCE = { timeout: 20_000 };

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

/** The server as its own process, by the code that the container runs. */
function serve(argv: readonly string[], environment: Record<string, string> = {}): Served {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv], { env: { PATH: process.env['PATH'], ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const url = (async () => {
    for await (const line of createInterface({ input: child.stdout! })) {
      const address = /^Listening on (http:\/\/\S+)$/.exec(line)?.[1];
      if (address) return address;
    }
    throw new Error(`The server ended before it listened: ${stderr}`);
  })();
  url.catch(() => {});
  return { child, url, exit, stderr: () => stderr };
}

async function untilReady(url: string): Promise<void> {
  await expect.poll(async () => (await fetch(`${url}/v2/health/ready`)).status, PATIENCE).toBe(200);
}

describe('the server as a process', () => {
  it('serves a plain folder on a free port, prints its address, and ends cleanly on SIGTERM', async () => {
    const model = makeModel();
    const { child, url: printed, exit, stderr } = serve(['--folder', await writeModel(model), '--port', '0', '--drain-delay', '2']);
    const url = await printed;
    await untilReady(url);

    // A request that is under way when the signal comes: half of its body is sent.
    const row = [...model.rows.values.subarray(0, 19)];
    const body = JSON.stringify({ instances: [row] });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    const ended = once(socket, 'close');
    socket.write(`POST /v1/models/${MODEL_NAME}:predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 100)}`);
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text(), PATIENCE).toMatch(/^pipewright_requests_in_flight 2$/m);

    child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/v2/health/ready`)).json(), PATIENCE).toMatchObject({ ready: false, error: 'The server is shutting down.' });
    // Still answered, but the client is told to go elsewhere.
    const late = await fetch(`${url}/v2/models/${MODEL_NAME}`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);

    socket.write(body.slice(100));
    await ended;
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(heard.toLowerCase()).toContain('connection: close');
    expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n'))) as unknown).toMatchObject({ predictions: [{ probability: model.predict(row) }] });
    expect(await exit).toBe(0);
    expect(stderr()).toContain('"event":"stopped","isClean":true');
  });

  it('cuts off what outlasts the drain, and says so with exit code 1', async () => {
    const { child, url: printed, exit, stderr } = serve(['--folder', await writeModel(makeModel()), '--port', '0', '--drain-timeout', '0.3']);
    const url = await printed;
    await untilReady(url);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.write(`POST /v1/models/${MODEL_NAME}:predict HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`);
    await expect.poll(async () => (await fetch(`${url}/metrics`)).text(), PATIENCE).toMatch(/^pipewright_requests_in_flight 2$/m);
    child.kill('SIGTERM');
    expect(await exit).toBe(1);
    expect(stderr()).toContain('"event":"stopped","isClean":false');
  });

  it('looks for a new champion on SIGHUP, and is set by its environment', async () => {
    const registry = await makeRegistry();
    await promoteModel(registry, makeModel({ seed: 1 }));
    const { child, url: printed, exit } = serve([], { PIPEWRIGHT_SERVING_STORE: registry.location, PIPEWRIGHT_SERVING_MODEL: MODEL_NAME, PIPEWRIGHT_SERVING_PORT: '0', PIPEWRIGHT_SERVING_POLL: '0' });
    const url = await printed;
    await untilReady(url);
    await promoteModel(registry, makeModel({ seed: 2 }));
    child.kill('SIGHUP');
    await expect.poll(async () => ((await (await fetch(`${url}/v2/models/${MODEL_NAME}`)).json()) as { versions: string[] }).versions, PATIENCE).toEqual(['2']);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
  });

  it('ends with a sentence and a code when it cannot serve', async () => {
    const wrong = serve(['--folder', '/nowhere', '--prot', '1']);
    const absent = serve(['--folder', '/nowhere', '--port', '0']);
    const refused = serve(['--folder', await writeModel(makeModel({ change: (document) => ({ ...document, golden: document.golden.map((golden) => ({ ...golden, probability: 0.123 })) }) })), '--port', '0']);
    expect(await Promise.all([wrong.exit, absent.exit, refused.exit])).toEqual([64, 1, 1]);
    expect(wrong.stderr()).toMatch(/^error PW601\n {2}There is no option --prot\.\n {2}→ /);
    expect(absent.stderr()).toMatch(/^error PW602\n {2}The folder \/nowhere holds no model/);
    expect(refused.stderr()).toMatch(/error PW507\n {2}The golden predictions of model "stock-direction" version \w+ do not come out/);
    for (const { stderr } of [wrong, absent, refused]) expect(stderr()).not.toMatch(/^\s+at /m);
  });

  it('says that a port is taken', async () => {
    const folder = await writeModel(makeModel());
    const first = serve(['--folder', folder, '--port', '0']);
    const second = serve(['--folder', folder, '--port', new URL(await first.url).port]);
    expect(await second.exit).toBe(64);
    expect(second.stderr()).toMatch(/^error PW601\n {2}The server cannot listen on 127\.0\.0\.1 port \d+: the port is taken\./);
  });
});
