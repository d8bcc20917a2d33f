import { request as send, type RequestOptions } from 'node:https';
import { request as sendPlain } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { PipewrightError } from '../../dsl/errors/index.ts';

/** How the API server is reached. Certificates and keys as `node:https` takes them. */
export interface ApiAccess {
  /** `https://10.96.0.1:443` */
  readonly server: string;
  readonly ca?: RequestOptions['ca'];
  readonly cert?: RequestOptions['cert'];
  readonly key?: RequestOptions['key'];
  readonly rejectUnauthorized?: boolean;
  readonly agent?: RequestOptions['agent'];
  /** Asked before each request, because the token of a pod is renewed in its file. */
  readonly authorization?: () => string | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

export interface ApiReply {
  readonly status: number;
  readonly text: string;
}

export interface Api {
  readonly server: string;
  /** Answers whatever the server answered in the end. PW604 when it did not. */
  ask(request: ApiRequest, signal: AbortSignal): Promise<ApiReply>;
}

/** For one answer; and that an API server which restarts is waited for. */
const TIMEOUT_MS = 15_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Asks the API server, and asks again for a minute while it does not answer or says that it cannot now: each request here
 * means the same when it is made twice. https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 *
 * Not by way of a client library: in a step's one-file program that is 14 MB, of which this is all that is needed.
 */
export function openApi(access: ApiAccess, { patience = PATIENCE_MS }: { readonly patience?: number } = {}): Api {
  return {
    server: access.server,
    async ask(request, signal) {
      const until = Date.now() + patience;
      for (;;) {
        let problem: string;
        try {
          const reply = await askOnce(access, request, signal);
          if (reply.status !== 429 && reply.status < 500) return reply;
          problem = `it answers ${reply.status}: ${messageOf(reply)}`;
        } catch (error) {
          signal.throwIfAborted();
          problem = error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
        }
        if (Date.now() >= until) throw unanswered(access.server, problem);
        await delay(PAUSE_MS, undefined, { signal });
      }
    },
  };
}

function askOnce({ server, authorization, ...tls }: ApiAccess, { method, path, body, contentType = 'application/json' }: ApiRequest, signal: AbortSignal): Promise<ApiReply> {
  const token = authorization?.();
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: token }),
    ...(payload === undefined ? {} : { 'content-type': contentType, 'content-length': String(Buffer.byteLength(payload)) }),
  };
  return new Promise((resolve, reject) => {
    const url = new URL(path, server);
    const sent = (url.protocol === 'http:' ? sendPlain : send)(url, { method, headers, signal, timeout: TIMEOUT_MS, ...tls }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve({ status: response.statusCode!, text })).on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`it does not answer within ${TIMEOUT_MS / 1000} s`)));
    sent.on('error', reject).end(payload);
  });
}

/** What the API server says in a Status object, or the text as it is. */
export function messageOf({ text }: ApiReply): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Something before the API server answered.
  }
  return text.slice(0, 300);
}

function unanswered(server: string, problem: string): PipewrightError {
  return new PipewrightError({
    code: 'PW604',
    message: `The cluster's API server ${server} cannot be asked: ${problem}.`,
    fix: 'See that the cluster runs and can be reached from here (kubectl cluster-info), then do the same again: it goes on where it stopped.',
  });
}
