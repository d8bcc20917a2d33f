import { chmod, link, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { digestOf, type Digest } from '../dsl/util/index.ts';
import { errorCode, explainFileError } from './file-errors.ts';
import { objectKey, recordBytes, recordKey, recordPrefix } from './layout.ts';
import { damagedObject, missingObject } from './object-errors.ts';
import { spool } from './spool.ts';
import type { Store, StoredObject } from './store.ts';
import { sweepTemporaryFiles, temporaryName } from './temporary-files.ts';
import { verifyStream } from './verify-stream.ts';

/** Opens the store in a folder, makes the folder if need be, and sweeps what crashed processes left in it. */
export async function openDirectoryStore(root: string): Promise<DirectoryStore> {
  const store = new DirectoryStore(root);
  await store.prepare();
  return store;
}

/**
 * A store in a directory. Any number of processes may use it at once without a lock: everything is written to `tmp/`
 * in the same file system and then appears under its name in one step, by rename(2) or, where exactly one of several
 * writers may win, by link(2), which fails if the name exists.
 */
export class DirectoryStore implements Store {
  readonly description: string;
  readonly #root: string;
  readonly #temporary: string;

  constructor(root: string) {
    this.description = root;
    this.#root = resolve(root);
    this.#temporary = join(this.#root, 'tmp');
  }

  async prepare(): Promise<void> {
    await this.#try(async () => {
      for (const folder of ['objects/sha256', 'records', 'tmp']) await mkdir(join(this.#root, folder), { recursive: true });
    });
    await this.sweep();
  }

  /** Where an object's bytes are, for a reader that wants a file. It is read-only and must stay so. */
  objectPath(digest: Digest): string {
    return join(this.#root, objectKey(digest));
  }

  /** Removes temporary files of processes that have ended; returns their names. */
  async sweep(): Promise<readonly string[]> {
    return this.#try(() => sweepTemporaryFiles(this.#temporary));
  }

  async putObject(bytes: Readable | Uint8Array | string): Promise<StoredObject> {
    if (typeof bytes === 'string' || bytes instanceof Uint8Array) {
      const known = { digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
      if ((await this.statObject(known.digest)) === known.size) return known;
    }
    const temporary = this.#newTemporary();
    const object = await spool(bytes, temporary, (cause) => this.#explain(cause));
    const path = this.objectPath(object.digest);
    // A file of another length is damaged: the whole one takes its place.
    if ((await this.statObject(object.digest)) === object.size) await rm(temporary, { force: true });
    else {
      await this.#publish(temporary, path, async () => {
        await chmod(temporary, 0o444);
        await rename(temporary, path);
      });
    }
    return object;
  }

  async getObject(digest: Digest): Promise<Readable> {
    const path = this.objectPath(digest);
    const file = await this.#try(() => unlessAbsent(open(path, 'r')));
    if (file === undefined) throw missingObject(digest, this.description);
    return verifyStream(file.createReadStream(), digest, {
      damaged: (actual) => damagedObject(digest, actual, path),
      broken: (cause) => this.#explain(cause) as Error,
    });
  }

  async statObject(digest: Digest): Promise<number | undefined> {
    const path = this.objectPath(digest);
    return this.#try(async () => (await unlessAbsent(stat(path)))?.size);
  }

  async createRecord(key: string, text: string): Promise<boolean> {
    const path = this.#recordPath(key);
    const temporary = this.#newTemporary();
    await spool(recordBytes(key, text), temporary, (cause) => this.#explain(cause));
    return this.#publish(temporary, path, async () => {
      try {
        await link(temporary, path);
        return true;
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return false;
        throw error;
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async writeRecord(key: string, text: string): Promise<void> {
    const path = this.#recordPath(key);
    const temporary = this.#newTemporary();
    await spool(recordBytes(key, text), temporary, (cause) => this.#explain(cause));
    await this.#publish(temporary, path, () => rename(temporary, path));
  }

  async readRecord(key: string): Promise<string | undefined> {
    const path = this.#recordPath(key);
    return this.#try(() => unlessAbsent(readFile(path, 'utf8')));
  }

  async listRecords(prefix: string): Promise<readonly string[]> {
    const start = recordPrefix(prefix).slice('records/'.length);
    const folder = start.slice(0, start.lastIndexOf('/') + 1);
    const found = await this.#try(() => unlessAbsent(readdir(join(this.#root, 'records', folder), { recursive: true })));
    // A folder's name never ends in `.json` (see layout.ts).
    return (found ?? [])
      .map((name) => folder + name.split(sep).join('/'))
      .filter((key) => key.endsWith('.json') && key.startsWith(start))
      .sort();
  }

  async deleteRecord(key: string): Promise<void> {
    const path = this.#recordPath(key);
    await this.#try(() => rm(path, { force: true }));
  }

  #recordPath(key: string): string {
    return join(this.#root, recordKey(key));
  }

  #newTemporary(): string {
    return join(this.#temporary, temporaryName());
  }

  /** Makes the folder, runs the one step that makes the name appear, and makes the name survive a power cut. */
  async #publish<T>(temporary: string, path: string, appear: () => Promise<T>): Promise<T> {
    return this.#try(async () => {
      try {
        const folder = dirname(path);
        const firstMade = await mkdir(folder, { recursive: true });
        const result = await appear();
        await syncFolders(folder, firstMade === undefined ? folder : dirname(firstMade));
        return result;
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  #explain(cause: unknown): unknown {
    return explainFileError(cause, `The store in ${this.description}`);
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#explain(error);
    }
  }
}

async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes the entries of a folder and of those above it, up to `last`, to the disk. */
async function syncFolders(folder: string, last: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (folder !== last) await syncFolders(dirname(folder), last);
}
