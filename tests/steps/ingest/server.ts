import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_LIMITS, type Limits } from '../../../steps/ingest/http/limits.ts';

/** A real server on this machine that answers as a test says, and remembers what it was asked. */
export interface LocalServer {
  readonly base: string;
  readonly port: number;
  /** Since the last `answer`. */
  readonly asked: readonly { readonly url: string; readonly headers: IncomingHttpHeaders; readonly at: number }[];
  /** With a list each request takes the next, and the last stays. */
  readonly answer: (...listeners: readonly [RequestListener, ...RequestListener[]]) => void;
  readonly close: () => Promise<void>;
}

export async function startServer(): Promise<LocalServer> {
  let listeners: RequestListener[] = [];
  const asked: { url: string; headers: IncomingHttpHeaders; at: number }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url!, headers: request.headers, at: performance.now() });
    const listener = listeners.length > 1 ? listeners.shift()! : listeners[0]!;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    port,
    asked,
    answer: (...given) => {
      listeners = [...given];
      asked.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Impatient, and without chance: pauses have no length unless a server asks for one. */
export const QUICK_LIMITS: Limits = { ...DEFAULT_LIMITS, patienceSeconds: 2, totalSeconds: 10, attempts: 3, pauseSeconds: 0, spacingSeconds: 1e-6, random: { uniform: () => 0 } };

export const sendJson = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): RequestListener => (_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers }).end(typeof value === 'string' ? value : JSON.stringify(value));
};

/** Sends the beginning of a body and breaks the connection. */
export function breakAfter(response: ServerResponse, body: Uint8Array, count: number): void {
  if (count === 0) response.flushHeaders();
  else response.write(body.subarray(0, count));
  setTimeout(() => response.destroy(), 5);
}
