import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import { RequestError } from '../errors.ts';

/** The client went away before its body was complete: there is nobody to answer. */
export class ClientGone extends Error {}

/**
 * The whole body, decompressed where the client says so. Throws 413 beyond `limit` bytes, before or after
 * decompression, 415 for an unknown compression, 400 for a broken one, and {@link ClientGone}.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
  if (encoding === undefined || encoding === 'identity') return collect(request, limit);
  return collect(request, limit).then((body) => decompress(body, encoding.trim().toLowerCase(), limit));
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    let isOver = false;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      // What comes after the limit is read and dropped, so that the client can take the answer in.
      if (size > limit) {
        if (!isOver) reject(tooLarge(limit));
        isOver = true;
        chunks = undefined;
      } else if (first === undefined) first = chunk;
      else (chunks ??= [first]).push(chunk);
    });
    request.on('end', () => {
      isOver = true;
      resolve(chunks ? Buffer.concat(chunks, size) : (first ?? Buffer.alloc(0)));
    });
    // Comes after every request, and alone when the client is gone; an error without a listener is not thrown by Node here.
    request.on('close', () => {
      if (!isOver) reject(new ClientGone());
    });
  });
}

/** tritonclient compresses on request. The limit holds for what comes out, too: a small body must not fill the memory. */
function decompress(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new RequestError(415, `The content-encoding "${encoding}" is not known; send gzip, deflate or none.`);
  }
  return new Promise((resolve, reject) => {
    const stream = encoding === 'gzip' ? createGunzip() : createInflate();
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        stream.destroy();
        reject(tooLarge(limit));
      }
    });
    stream.once('end', () => resolve(Buffer.concat(chunks, size)));
    stream.once('error', () => reject(new RequestError(400, `The body is not ${encoding} data, though its content-encoding says so.`)));
    stream.end(body);
  });
}

function tooLarge(limit: number): RequestError {
  return new RequestError(413, `The body is larger than ${limit} bytes. Send fewer rows per request, or raise the server's --body-limit.`);
}
