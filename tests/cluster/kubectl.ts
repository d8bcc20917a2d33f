import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { PROJECT } from './surroundings.ts';

/** Any object, as far as these tests look into one. */
export interface Anything {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly generation?: number; readonly managedFields?: readonly { readonly manager: string; readonly time: string }[] };
  readonly [key: string]: unknown;
}

export function kubectl(...words: readonly string[]): string {
  return execFileSync('kubectl', words, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What it said on both streams, and how it ended. */
export function tryKubectl(words: readonly string[], object?: unknown): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync('kubectl', words, { cwd: PROJECT, encoding: 'utf8', maxBuffer: 1 << 28, ...(object === undefined ? {} : { input: JSON.stringify(object) }) });
  return { status, text: `${stdout}${stderr}` };
}

export function objects(...words: readonly string[]): readonly Anything[] {
  return (JSON.parse(kubectl('get', ...words, '--output', 'json')) as { readonly items: readonly Anything[] }).items;
}

/** Values of a Secret, in clear. */
export function secretOf(namespace: string, name: string): Readonly<Record<string, string>> {
  const { data } = JSON.parse(kubectl('get', 'secret', '--namespace', namespace, name, '--output', 'json')) as { readonly data: Readonly<Record<string, string>> };
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString('utf8')]));
}

/** Makes a Service answer on a port of this machine until it is disposed of. */
export async function forward(namespace: string, service: string, port: number): Promise<AsyncDisposable & { readonly port: number }> {
  const own = await freePort();
  const child = spawn('kubectl', ['port-forward', '--namespace', namespace, `service/${service}`, `${own}:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('close', (code) => reject(new Error(`kubectl port-forward ended with ${code}`)));
  });
  return {
    port: own,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
