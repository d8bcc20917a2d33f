import type { Readable } from 'node:stream';
import type { Digest } from '../dsl/util/index.ts';

/** What the store knows of an object: its name is its content. */
export interface StoredObject {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * Where artifacts and small records are kept: a directory by default, S3 (MinIO) by the same interface.
 *
 * Two kinds of thing only:
 * - **objects**: any bytes, named by their SHA-256, immutable. Putting the same bytes twice is one object.
 * - **records**: small JSON texts under a readable key, for example `cache/sha256-….json`.
 *   `createRecord` is the only primitive that decides a race: of two writers exactly one is told `true`.
 *
 * Layout, the same in both: `objects/sha256/ab/cdef…` and `records/<key>`.
 */
export interface Store {
  /** Where it is, for messages: a path or `s3://bucket/prefix`. Never holds credentials. */
  readonly description: string;

  /** Streams bytes in. A crash in the middle leaves nothing that can be read. */
  putObject(bytes: Readable | Uint8Array | string): Promise<StoredObject>;
  /** Streams bytes out, verified: the stream ends with PW401 instead of its last chunk's end if the content is damaged. PW402 if absent. */
  getObject(digest: Digest): Promise<Readable>;
  /** The size in bytes, or undefined when the object is absent. Does not read the content. */
  statObject(digest: Digest): Promise<number | undefined>;

  /** Writes a record unless the key exists. True for exactly one of any number of racing writers. */
  createRecord(key: string, text: string): Promise<boolean>;
  /** Writes or replaces a record atomically: a reader sees the old text or the new one. */
  writeRecord(key: string, text: string): Promise<void>;
  readRecord(key: string): Promise<string | undefined>;
  /** All keys that start with the prefix, sorted. */
  listRecords(prefix: string): Promise<readonly string[]>;
  deleteRecord(key: string): Promise<void>;
}
