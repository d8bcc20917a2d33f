import { startServer, type RunningServer } from '../../../serving/server.ts';
import type { ModelOrigin, ServingSettings } from '../../../serving/settings.ts';
import { MODEL_NAME } from './models.ts';

export interface TestServer extends RunningServer {
  /** Everything that was logged, line by line, parsed. */
  readonly events: readonly Record<string, unknown>[];
  get(path: string, init?: RequestInit): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read what they expect
  readonly json: Record<string, unknown>;
}

/** A real server on a free port. Ends in the test's own `drain`. */
export async function start(origin: ModelOrigin, settings: Partial<ServingSettings> = {}): Promise<TestServer> {
  const events: Record<string, unknown>[] = [];
  const server = await startServer(
    {
      origin,
      host: '127.0.0.1',
      port: 0,
      pollSeconds: 0,
      bodyLimit: 1_048_576,
      headersTimeout: 10,
      requestTimeout: 30,
      keepAliveTimeout: 75,
      drainDelay: 0,
      drainTimeout: 5,
      accessLog: false,
      ...settings,
    },
    { environment: {}, log: { write: (text) => events.push(JSON.parse(text) as Record<string, unknown>) } },
  );
  await server.firstLoad;
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  };
  return {
    ...server,
    events,
    get: (path, init = {}) => ask(path, init),
    post: (path, body, headers = { 'content-type': 'application/json' }) =>
      ask(path, { method: 'POST', body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body), headers }),
  };
}

export const folderOrigin = (folder: string): ModelOrigin => ({ kind: 'folder', folder, name: undefined, version: '1' });

export const registryOrigin = (store: string): ModelOrigin => ({ kind: 'registry', store, names: [MODEL_NAME], alias: 'production' });

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
