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
 * - **records**: small JSON texts (up to 4 MiB) under a readable key, for example `cache/sha256-….json`.
 *   `createRecord` is the only primitive that decides a race: of two writers exactly one is told `true`.
 *
 * Layout, the same in both: `objects/sha256/ab/cdef…` and `records/<key>`. Why so: docs/decisions/0003-store-layout.md.
 * A store that cannot be used (no rights, no space, no answer) gives PW403, a key that is not valid PW404 (see layout.ts).
 */
export interface Store {
  /** Where it is, for messages: a path or `s3://bucket/prefix`. Never holds credentials. */
  readonly description: string;

  /** Streams bytes in. A crash in the middle leaves nothing that can be read. An error of the source is thrown as it is. */
  putObject(bytes: Readable | Uint8Array | string): Promise<StoredObject>;
  /**
   * Streams bytes out, verified: in place of its end a damaged object has the error PW401, which `pipeline` and
   * `for await` throw. So use what was read only after the end. PW402 if the object is absent.
   */
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
