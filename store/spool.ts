import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Digest } from '../dsl/util/index.ts';
import type { StoredObject } from './store.ts';

/**
 * Writes the bytes to a new file and hashes them on the way; the file is on the disk (fsync) when this returns.
 * On any failure the file is gone. An error of the source is thrown as it is, one of the file by way of `explain`.
 */
export async function spool(bytes: Readable | Uint8Array | string, path: string, explain: (cause: unknown) => unknown): Promise<StoredObject> {
  const explained = <T>(work: Promise<T>): Promise<T> => work.catch((cause: unknown) => Promise.reject(explain(cause)));
  const chunks: AsyncIterable<unknown> | Iterable<unknown> = bytes instanceof Readable ? bytes : [bytes];
  // A source may fail before the first chunk is asked for, and an error that nobody listens to would end the process.
  // The loop below throws it all the same.
  if (bytes instanceof Readable) bytes.on('error', () => undefined);
  const hash = createHash('sha256');
  let size = 0;
  try {
    const file = await explained(open(path, 'wx', 0o600));
    try {
      for await (const chunk of chunks) {
        const piece = toBytes(chunk);
        hash.update(piece);
        size += piece.length;
        await explained(file.appendFile(piece));
      }
      await explained(file.sync());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (bytes instanceof Readable) bytes.destroy();
    await rm(path, { force: true });
    throw error;
  }
  return { digest: `sha256:${hash.digest('hex')}` as Digest, size };
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  throw new TypeError(`an object is made of bytes, but the stream carries a ${typeof chunk}`);
}
