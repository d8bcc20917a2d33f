import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Client } from 'minio';

const MEBIBYTE = 1024 * 1024;
/** S3 takes at most so many parts (Amazon S3 User Guide, "Multipart upload limits"). */
const PART_LIMIT = 10_000;
const PART_BYTES = 8 * MEBIBYTE;

export interface Destination {
  readonly client: Client;
  readonly bucket: string;
  readonly key: string;
}

/**
 * Uploads a file, at most one part of it in memory. The object appears when all of it is there, never earlier.
 *
 * A large file has an upload of its own. The client's `fPutObject` would go on with any unfinished upload that it
 * finds under the key, and two writers of the same content have the same key: one of them would end the other's upload.
 */
export async function uploadFile(to: Destination, path: string, size: number, partBytes: number = PART_BYTES): Promise<void> {
  const file = await open(path, 'r');
  try {
    if (size <= partBytes) await uploadBytes(to, await readPart(file, 0, size));
    else await uploadParts(to, file, size, Math.max(partBytes, Math.ceil(size / PART_LIMIT)));
  } finally {
    await file.close();
  }
}

/** One request: the object is there or it is not. */
export async function uploadBytes(to: Destination, bytes: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await to.client.putObject(to.bucket, to.key, bytes, bytes.length, { 'content-type': 'application/octet-stream', ...headers });
}

async function uploadParts({ client, bucket, key }: Destination, file: FileHandle, size: number, partBytes: number): Promise<void> {
  const uploadID = await client.initiateNewMultipartUpload(bucket, key, { 'content-type': 'application/octet-stream' });
  try {
    const parts: { part: number; etag: string }[] = [];
    for (let offset = 0; offset < size; offset += partBytes) {
      const bytes = await readPart(file, offset, Math.min(partBytes, size - offset));
      const md5 = createHash('md5').update(bytes).digest('base64');
      const partNumber = parts.length + 1;
      const sent = await client.uploadPart({ bucketName: bucket, objectName: key, uploadID, partNumber, headers: { 'content-md5': md5 } }, bytes);
      parts.push({ part: partNumber, etag: sent.etag });
    }
    await client.completeMultipartUpload(bucket, key, uploadID, parts);
  } catch (error) {
    // Best effort: the server also forgets unfinished uploads, MinIO after a day, Amazon by a lifecycle rule.
    await client.abortMultipartUpload(bucket, key, uploadID).catch(() => undefined);
    throw error;
  }
}

async function readPart(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new Error('the temporary file became shorter while it was uploaded');
    filled += bytesRead;
  }
  return buffer;
}
