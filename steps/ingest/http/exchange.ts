import { request as requestPlain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { nameOf, withoutCredentials } from './address-name.ts';
import { PassingFault, rootOf, unreachable } from './fault.ts';
import type { Limits } from './limits.ts';
import { takeTurn } from './spacing.ts';

/** The head of an answer, and its body on the way. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** Raw bytes. Throws a PassingFault when the server falls silent or the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the connection; harmless when the body was read to its end. */
  readonly close: () => void;
}

/**
 * One request and its answer, whatever its status; no redirection is followed. The limits are on the connection, on silence and,
 * by `limits.signal`, on the whole. Throws PassingFault, or the reason of the signal.
 */
export async function exchange(url: URL, headers: Readonly<Record<string, string>>, limits: Limits): Promise<Answer> {
  await takeTurn(url.host, limits.spacingSeconds, limits.signal);
  limits.signal?.throwIfAborted();
  const name = nameOf(url);
  const isSecure = url.protocol === 'https:';
  // A connection of its own for each request: one that was kept may have died unseen.
  const request = (isSecure ? requestSecure : requestPlain)(withoutCredentials(url), { headers, agent: false });
  let response: IncomingMessage | undefined;
  let timer: NodeJS.Timeout | undefined;
  let given: unknown;
  const giveUp = (reason: unknown): void => {
    given ??= reason;
    clearTimeout(timer);
    const error = reason instanceof Error ? reason : new Error(String(reason));
    (response ?? request).destroy(error);
  };
  const wait = (seconds: number, sentence: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => giveUp(new PassingFault(`${name} ${sentence}`)), seconds * 1000);
  };
  const cancelled = (): void => giveUp(limits.signal!.reason);
  limits.signal?.addEventListener('abort', cancelled, { once: true });
  const end = (): void => {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', cancelled);
  };

  wait(limits.connectSeconds, `did not accept a connection within ${limits.connectSeconds} s`);
  request.once('socket', (socket) => {
    socket.once(isSecure ? 'secureConnect' : 'connect', () => wait(limits.patienceSeconds, `was silent for ${limits.patienceSeconds} s before it answered`));
  });
  try {
    response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      // Stays on: an error after the answer must not end the process.
      request.on('error', reject);
      request.end();
    });
  } catch (cause) {
    end();
    throw given ?? unreachable(name, cause);
  }
  const message = response;
  // A fault may come before anybody reads the body; whoever reads it then gets it.
  message.on('error', () => undefined);
  const heard = (): void => wait(limits.patienceSeconds, `was silent for ${limits.patienceSeconds} s in the middle of the file`);
  heard();
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of message) {
        // While the reader works on it, nobody waits for the server.
        clearTimeout(timer);
        yield chunk as Uint8Array;
        heard();
      }
    } catch (cause) {
      throw given ?? new PassingFault(`${name} broke off in the middle of the file: ${rootOf(cause)}`, { cause });
    } finally {
      end();
      message.destroy();
    }
  }
  return {
    url,
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    headers: message.headers,
    body: body(),
    close: () => {
      end();
      message.destroy();
    },
  };
}
