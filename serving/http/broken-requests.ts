import { STATUS_CODES, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '../errors.ts';
import { errorReply, JSON_TYPE, send } from './reply.ts';

/** What Node's parser and timers find wrong, by their code, in words for the client. */
const CAUSES: Readonly<Record<string, { readonly status: number; readonly message: string } | undefined>> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers of the request are too large; send less in them.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive; send it faster, or in smaller parts.' },
};
const NOT_HTTP = { status: 400, message: 'The request is not valid HTTP/1.1.' };

/** Gives requests that never reach the listener the same answer as all others: a status and `{"error": …}`. */
export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { status, message } = CAUSES[error.code ?? ''] ?? NOT_HTTP;
    endWith(socket, new RequestError(status, message), error.code === 'ECONNRESET');
  });
  server.on('connect', (_request, socket) => endWith(socket, new RequestError(405, 'CONNECT is not offered: this is no proxy.')));
  server.on('checkExpectation', (_request, response) => {
    send(response, errorReply(new RequestError(417, 'The only expectation that can be met is "100-continue"; leave the header Expect out.')), true);
  });
}

function endWith(socket: Duplex, { status, message }: RequestError, isGone = false): void {
  if (isGone || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ error: message });
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}
