import type { Readable } from 'node:stream';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { oneLine } from '../present/text.ts';
import type { MlflowSettings } from './settings.ts';
import { misfitOf, type Shape } from './shape.ts';

export interface Patience {
  /** How often a request is sent in all. */
  readonly attempts: number;
  /** The wait before the second attempt is up to this; it doubles from one to the next. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** For an answer without an upload. */
  readonly answerMs: number;
}

export const PATIENCE: Patience = { attempts: 6, firstWaitMs: 500, longestWaitMs: 15_000, answerMs: 60_000 };

/** What MLflow answers when it refuses. */
export class Refusal extends Error {
  readonly status: number;
  /** MLflow's own code: `RESOURCE_DOES_NOT_EXIST`. */
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.reason = reason;
  }
}

/** PW906 when the answer does not have the shape: then no MLflow answers. */
export type Ask = (method: 'GET' | 'POST' | 'PATCH', path: string, content: Readonly<Record<string, unknown>>, shape?: Shape) => Promise<Readonly<Record<string, unknown>>>;

export interface Transport {
  /** `path` begins with `/api/…`. Members of a query that are undefined are left out. */
  readonly json: Ask;
  /**
   * For what must be made once although an answer may get lost on its way: each attempt looks whether it is there, and
   * makes it only then. Both get a way to ask that sends each request once.
   */
  makeOnce<T>(find: (ask: Ask) => Promise<T | undefined>, make: (ask: Ask) => Promise<T>): Promise<T>;
  /** Streams bytes; `open` is called anew for each attempt. */
  upload(path: string, open: () => Promise<Readable>): Promise<void>;
}

/** Too many requests, or a server that is not well just now: RFC 9110 and 6585. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Requests to one server, each tried again with growing, random waits ("full jitter") while the trouble may pass: no
 * connection, 429, 5xx. `Retry-After` is heeded. So `json` and
 * `upload` are for what is safe to repeat; `makeOnce` is for the rest.
 *
 * A refusal is thrown as `Refusal`; PW906 when the server cannot be reached, is no MLflow, or lets nobody in.
 */
export function openTransport({ address, authorization }: MlflowSettings, patience: Patience = PATIENCE): Transport {
  const headers = { accept: 'application/json', 'user-agent': 'pipewright', ...(authorization === undefined ? {} : { authorization }) };

  const attempt = async (method: string, path: string, request: () => Promise<RequestInit>): Promise<Response> => {
    try {
      return await fetch(`${address}${path}`, { method, redirect: 'manual', ...(await request()) });
    } catch (error) {
      if (error instanceof PipewrightError) throw error;
      const cause: unknown = (error as Error).cause;
      if (cause instanceof PipewrightError) throw cause;
      // The Fetch standard keeps some ports for other protocols (https://fetch.spec.whatwg.org/#port-blocking).
      if (cause instanceof Error && cause.message === 'bad port') throw new PipewrightError({ code: 'PW906', message: `The port of ${address} is kept for another protocol, so no request is sent to it.`, fix: 'Let the MLflow server listen on another port, such as 5000.' });
      throw new Passing(describeFailure(error, patience), undefined);
    }
  };

  const send = async (method: string, path: string, request: () => Promise<RequestInit>, shape: Shape = {}): Promise<Readonly<Record<string, unknown>>> => {
    const response = await attempt(method, path, request);
    const text = await response.text().catch(() => Promise.reject(new Passing('the answer broke off', undefined)));
    if (PASSING.has(response.status)) throw new Passing(`${method} ${path.split('?')[0]!.slice(0, 120)} is answered by ${response.status}${reasonIn(text)}`, retryAfter(response));
    return read(address, method, path, response, text, shape);
  };

  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempts = 1; ; attempts++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        if (attempts >= patience.attempts) {
          throw new PipewrightError({
            code: 'PW906',
            message: `The MLflow server ${address} cannot be used: ${error.message}, ${attempts === 1 ? 'once' : `${attempts} times`}.`,
            fix: 'See that it runs and can be reached from here; then export again: what is there already is not made twice.',
          }, { cause: error });
        }
        const longest = Math.min(patience.longestWaitMs, patience.firstWaitMs * 2 ** (attempts - 1));
        await new Promise((resolve) => setTimeout(resolve, Math.max(error.waitMs ?? 0, Math.random() * longest)));
      }
    }
  };

  const ask: Ask = (method, path, content, shape) => {
    if (method === 'GET') {
      const query = new URLSearchParams(Object.entries(content).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
      return send(method, `${path}?${query.toString()}`, () => Promise.resolve({ headers, signal: AbortSignal.timeout(patience.answerMs) }), shape);
    }
    const body = JSON.stringify(content);
    return send(method, path, () => Promise.resolve({ headers: { ...headers, 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(patience.answerMs) }), shape);
  };

  return {
    json: (method, path, content, shape) => patiently(() => ask(method, path, content, shape)),
    makeOnce: (find, make) => patiently(async () => (await find(ask)) ?? make(ask)),
    upload: async (path, open) => {
      // Bytes of any size leave as they are read; an upload has no end of its own that one could wait for.
      await patiently(() => send('PUT', path, async () => ({ headers: { ...headers, 'content-type': 'application/octet-stream' }, body: bytesOf(await open()), duplex: 'half' }) as RequestInit));
    },
  };
}

/** A trouble that may be gone the next time. */
class Passing extends Error {
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs: number | undefined) {
    super(message);
    this.waitMs = waitMs;
  }
}

/** Not `Readable.toWeb`: an error of the source must come through as it is. */
function bytesOf(source: Readable): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: () => void source.destroy(),
  });
}

function read(address: string, method: string, path: string, response: Response, text: string, shape: Shape): Readonly<Record<string, unknown>> {
  const answer = text === '' && response.ok ? {} : parse(text);
  const misfit = answer === undefined ? undefined : misfitOf(answer, shape);
  if (response.ok && answer !== undefined && misfit === undefined) return answer;
  if (response.status === 401 || response.status === 403) throw notLetIn(address, response.status, text);
  const reason = answer?.['error_code'];
  if (typeof reason === 'string') throw new Refusal(response.status, oneLine(reason), String(answer?.['message'] ?? reason));
  throw new PipewrightError({
    code: 'PW906',
    message: `${address} does not answer as an MLflow server: ${method} ${path.split('?')[0]!} gave ${response.status} and ${text.trim() === '' ? 'nothing' : `"${firstLine(text)}"`}${response.ok && misfit !== undefined ? `, where ${misfit} is missing or of another type` : ''}.`,
    fix: 'Check the address: it is that of the page where MLflow shows its experiments, without "/#/…".',
  });
}

function notLetIn(address: string, status: number, text: string): PipewrightError {
  if (/invalid host header/i.test(text)) {
    return new PipewrightError({ code: 'PW906', message: `The MLflow server ${address} answers only to other host names: ${firstLine(text)}.`, fix: `Start it with --allowed-hosts ${new URL(address).host}.` });
  }
  return new PipewrightError({
    code: 'PW906',
    message: status === 401 ? `The MLflow server ${address} does not let this user in.` : `The MLflow server ${address} does not allow this${reasonIn(text)}.`,
    fix: 'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to those of a user who may write there.',
  });
}

function describeFailure(error: unknown, { answerMs }: Patience): string {
  if ((error as Error).name === 'TimeoutError') return `there was no answer in ${answerMs / 1000} s`;
  const cause = (error as { readonly cause?: { readonly code?: string; readonly message?: string } }).cause;
  return cause?.code === 'ECONNREFUSED' ? 'nothing listens there' : `the connection failed (${cause?.code ?? cause?.message ?? (error as Error).message})`;
}

/** Seconds or a date (RFC 9110, 10.2.3); a minute at most. */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(60_000, Math.max(0, wait));
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function reasonIn(text: string): string {
  const message = parse(text)?.['message'];
  return typeof message === 'string' ? ` (${firstLine(message)})` : '';
}

/** Whose words these are, nobody knows: a server's could move the cursor of a terminal. */
export function firstLine(text: string): string {
  return oneLine(text.trim().split('\n')[0]!).trim().slice(0, 200).replace(/\.$/, '');
}
