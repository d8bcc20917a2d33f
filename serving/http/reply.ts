import type { ServerResponse } from 'node:http';
import { RequestError } from '../errors.ts';

/** Exactly this, without a charset: clients compare it as a whole. JSON is UTF-8 by definition (RFC 8259 §8.1). */
export const JSON_TYPE = 'application/json';

/** What goes back to a client. */
export interface Reply {
  readonly status: number;
  readonly body: string | Buffer;
  /** Default: JSON. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function jsonReply(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status, body: JSON.stringify(value), ...(headers ? { headers } : {}) };
}

/** The one shape of every failure: `{"error": "…"}`. */
export function errorReply(error: RequestError): Reply {
  return jsonReply(error.status, { error: error.message }, error.headers);
}

/**
 * Sends a reply with its length, in one write. `isLast` closes the connection after it. With `HEAD` Node leaves the body
 * out and keeps the headers.
 */
export function send(response: ServerResponse, { status, body, contentType = JSON_TYPE, headers }: Reply, isLast: boolean): void {
  // A flat list is what Node writes fastest.
  const list = ['content-type', contentType, 'content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.length)];
  if (isLast) list.push('connection', 'close');
  if (headers) for (const [name, value] of Object.entries(headers)) list.push(name, value);
  response.writeHead(status, list);
  response.end(body);
}
