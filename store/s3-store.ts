import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Client } from 'minio';
import { digestOf, type Digest } from '../dsl/util/index.ts';
import { errorCode, explainFileError } from './file-errors.ts';
import { objectKey, recordBytes, recordKey, recordPrefix } from './layout.ts';
import { damagedObject, missingObject } from './object-errors.ts';
import { ask, connect } from './s3-client.ts';
import { explainS3Error, isAbsent, isDenied, isWithoutBucket } from './s3-errors.ts';
import type { S3Settings } from './s3-settings.ts';
import { uploadBytes, uploadFile, type Destination } from './s3-upload.ts';
import { spool } from './spool.ts';
import type { Store, StoredObject } from './store.ts';
import { sweepTemporaryFiles, temporaryName } from './temporary-files.ts';
import { verifyStream } from './verify-stream.ts';

/** Names the call that wrote a record, so that a writer whose answer was lost can tell whether it won. */
const WRITER = 'pipewright-writer';

/** Opens the store in a bucket. Asks for one key at once, so that wrong settings are told here and not in mid-run. */
export async function openS3Store(settings: S3Settings): Promise<S3Store> {
  const client = await connect(settings);
  await ask(settings, () => client.listObjectsV2Query(settings.bucket, settings.prefix ?? '', '', '/', 1, '').catch((error: unknown) => tellMissing(client, settings, error)));
  await sweepTemporaryFiles(tmpdir());
  return new S3Store(settings, client);
}

/**
 * MinIO denies access to a bucket that is not there, if the policy names the buckets that are. Where a bucket is may be
 * asked by our users about any (manifests/cluster/minio/policies), and that answer tells the one from the other.
 */
async function tellMissing(client: Client, { bucket, region = 'us-east-1' }: S3Settings, error: unknown): Promise<never> {
  if (!isDenied(error)) throw error;
  const answer: unknown = await client.makeRequestAsync({ method: 'GET', bucketName: bucket, query: 'location' }, '', [200], region).catch((reason: unknown) => reason);
  throw isWithoutBucket(answer) ? answer : error;
}

/**
 * A store in an S3 bucket, by the same layout as the directory. The name of an object is its digest, so an upload is
 * hashed into a temporary file first and sent after; bytes that are there already are not sent again.
 */
export class S3Store implements Store {
  readonly description: string;
  readonly #settings: S3Settings;
  readonly #client: Client;

  constructor(settings: S3Settings, client: Client) {
    this.description = `s3://${settings.bucket}${settings.prefix ? `/${settings.prefix}` : ''}`;
    this.#settings = settings;
    this.#client = client;
  }

  async putObject(bytes: Readable | Uint8Array | string): Promise<StoredObject> {
    if (typeof bytes === 'string' || bytes instanceof Uint8Array) {
      const known = { digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
      if ((await this.statObject(known.digest)) === known.size) return known;
    }
    const temporary = join(tmpdir(), temporaryName());
    try {
      const object = await spool(bytes, temporary, (cause) => explainFileError(cause, `The folder for temporary files, ${tmpdir()},`));
      // An object of another length is damaged: the whole one takes its place.
      if ((await this.statObject(object.digest)) !== object.size) {
        const to = this.#at(objectKey(object.digest));
        await this.#ask(() => uploadFile(to, temporary, object.size));
      }
      return object;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async getObject(digest: Digest): Promise<Readable> {
    const { bucket, key } = this.#at(objectKey(digest));
    const body = await this.#unlessAbsent(() => this.#client.getObject(bucket, key));
    if (body === undefined) throw missingObject(digest, this.description);
    return verifyStream(body, digest, {
      damaged: (actual) => damagedObject(digest, actual, `s3://${bucket}/${key}`),
      broken: (cause) => explainS3Error(cause, this.#settings),
    });
  }

  async statObject(digest: Digest): Promise<number | undefined> {
    const { bucket, key } = this.#at(objectKey(digest));
    return (await this.#unlessAbsent(() => this.#client.statObject(bucket, key)))?.size;
  }

  async createRecord(key: string, text: string): Promise<boolean> {
    const to = this.#at(recordKey(key));
    const bytes = recordBytes(key, text);
    const writer = randomUUID();
    try {
      const headers = { 'If-None-Match': '*', 'content-type': 'application/json', [`x-amz-meta-${WRITER}`]: writer };
      await this.#ask(() => uploadBytes(to, bytes, headers), isTaken);
      return true;
    } catch (error) {
      if (!isTaken(error)) throw error;
      // The key may be taken by this very call: the first answer was lost and `ask` sent the request again.
      const present = await this.#unlessAbsent(() => this.#client.statObject(to.bucket, to.key));
      return (present?.metaData as Readonly<Record<string, unknown>> | undefined)?.[WRITER] === writer;
    }
  }

  async writeRecord(key: string, text: string): Promise<void> {
    const to = this.#at(recordKey(key));
    const bytes = recordBytes(key, text);
    await this.#ask(() => uploadBytes(to, bytes, { 'content-type': 'application/json' }));
  }

  async readRecord(key: string): Promise<string | undefined> {
    const at = this.#at(recordKey(key));
    const bytes = await this.#unlessAbsent(async () => buffer(await this.#client.getObject(at.bucket, at.key)));
    return bytes?.toString('utf8');
  }

  async listRecords(prefix: string): Promise<readonly string[]> {
    const { bucket, key } = this.#at(recordPrefix(prefix));
    const start = this.#at('records/').key;
    const found: string[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const from: string = token;
      const page = await this.#ask(() => this.#client.listObjectsV2Query(bucket, key, from, '', 1000, ''));
      for (const { name } of page.objects) if (name?.endsWith('.json')) found.push(name.slice(start.length));
      token = page.isTruncated ? page.nextContinuationToken : undefined;
    }
    return found.sort();
  }

  async deleteRecord(key: string): Promise<void> {
    const at = this.#at(recordKey(key));
    await this.#ask(() => this.#client.removeObject(at.bucket, at.key));
  }

  #at(key: string): Destination {
    const { bucket, prefix } = this.#settings;
    return { client: this.#client, bucket, key: prefix ? `${prefix}/${key}` : key };
  }

  #ask<T>(request: () => Promise<T>, expected?: (error: unknown) => boolean): Promise<T> {
    return ask(this.#settings, request, expected);
  }

  async #unlessAbsent<T>(request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#ask(request, isAbsent);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }
}

/** The answer to `If-None-Match: *` when the key exists: HTTP status 412. */
function isTaken(error: unknown): boolean {
  return errorCode(error) === 'PreconditionFailed';
}
