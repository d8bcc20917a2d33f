import { PipewrightError } from '../dsl/errors/index.ts';

/**
 * A request that is not answered with a result: the HTTP status, and one sentence or two that say what is wrong and what
 * to change. The client gets it as `{"error": message}`.
 */
export class RequestError extends Error {
  readonly status: number;
  /** Further headers of the reply, for example `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.headers = headers;
  }
}

/** The request says something that the model cannot answer. */
export function badRequest(message: string): RequestError {
  return new RequestError(400, message);
}

export function notFound(message: string): RequestError {
  return new RequestError(404, message);
}

/** It may work later: the model is not loaded yet, or the server is on its way out. */
export function unavailable(message: string): RequestError {
  return new RequestError(503, message, { 'retry-after': '1' });
}

/** What a person reads of an error that stopped a load: message and fix of every issue, in one line. */
export function describeLoadError(error: unknown): string {
  if (error instanceof PipewrightError) return error.issues.map(({ code, message, fix }) => `${code}: ${message} ${fix}`).join(' ');
  return `PW999: ${error instanceof Error ? error.message : String(error)}`;
}
