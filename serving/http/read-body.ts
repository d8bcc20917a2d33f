import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import { RequestError } from '../errors.ts';

/** The client went away before its body was complete: there is nobody to answer. */
export class ClientGone extends Error {}

/**
 * The whole body, decompressed where the client says so. Throws 413 beyond `limit` bytes, before or after
 * decompression, 415 for an unknown compression, 400 for a broken one, and {@link ClientGone}.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
  if (encoding === undefined || encoding === 'identity') return collect(request, limit);
  return decompress(await collect(request, limit), encoding.trim().toLowerCase(), limit);
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    const finish = (settle: () => void): void => {
      request.removeListener('data', onData);
      settle();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        finish(() => reject(tooLarge(limit)));
      } else if (first === undefined) first = chunk;
      else (chunks ??= [first]).push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => finish(() => resolve(chunks ? Buffer.concat(chunks, size) : (first ?? Buffer.alloc(0)))));
    request.once('error', () => finish(() => reject(new ClientGone())));
    request.once('close', () => finish(() => reject(new ClientGone())));
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
