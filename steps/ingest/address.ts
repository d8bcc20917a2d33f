import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Source } from './source.ts';

const HEADERS = { accept: 'text/csv, text/plain;q=0.9, */*;q=0.1', 'user-agent': 'pipewright' } as const;

/**
 * Asks a server for a file and streams the answer. The time limit is on silence, not on the whole: a large file may take
 * as long as it needs. PW502 for an answer that is not the file; PW301, with which a step may be tried again, for a fault that may
 * pass: no answer, silence, 5xx, 429, a connection that breaks.
 */
export async function openAddress(
  url: URL,
  { patienceSeconds, signal }: { readonly patienceSeconds: number; readonly signal?: AbortSignal | undefined },
): Promise<Source> {
  const name = withoutSecrets(url);
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), patienceSeconds * 1000);
  };
  const explain = (cause: unknown, during: string): unknown => {
    clearTimeout(timer);
    if (signal?.aborted) return signal.reason;
    if (silence.signal.aborted) return passing(`${name} was silent for ${patienceSeconds} s ${during}`, cause);
    return passing(`${name} ${during === 'before it answered' ? 'cannot be reached' : 'broke off in the middle of the file'}: ${rootOf(cause)}`, cause);
  };

  heard();
  const request = {
    headers: { ...HEADERS, ...credentialsOf(url) },
    signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
  };
  const response = await fetch(withoutCredentials(url), request).catch((cause: unknown) => Promise.reject(explain(cause, 'before it answered')));
  if (!response.ok || response.body === null) {
    clearTimeout(timer);
    await response.body?.cancel();
    throw refusal(name, response.status, response.statusText);
  }
  const { body } = response;
  async function* stream(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        heard();
        yield chunk as Uint8Array;
      }
    } catch (cause) {
      throw explain(cause, 'in the middle of the file');
    } finally {
      clearTimeout(timer);
    }
  }
  return { name, origin: name, bytes: stream() };
}

function refusal(name: string, status: number, text: string): PipewrightError {
  const answer = `${name} answered ${status}${text === '' ? '' : ` (${text})`}`;
  if (status >= 500 || status === 429 || status === 408) return passing(answer);
  const guarded = status === 401 || status === 403;
  return new PipewrightError({
    code: 'PW502',
    message: `${answer}.`,
    fix: guarded ? 'The server wants to know who asks: give an address that is open, or download the file and give its path.' : 'Correct the address; open it in a browser to see what is there.',
  });
}

/** The cause that says something: fetch itself only says "fetch failed" or "terminated". */
function rootOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error ? rootOf(cause) : error instanceof Error ? error.message : String(error);
}

function passing(sentence: string, cause?: unknown): PipewrightError {
  return new PipewrightError({ code: 'PW301', message: `${sentence}.`, fix: 'Try again later; if it stays so, download the file and give its path.' }, { cause });
}

/** fetch refuses an address with a name and a password in it; they belong into a header. */
function credentialsOf({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

/** Keys are often part of the query, so it is not shown either. */
function withoutSecrets(url: URL): string {
  const shown = withoutCredentials(url);
  shown.search = '';
  return shown.href;
}
