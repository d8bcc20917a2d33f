import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { PipewrightError, type Issue } from '../dsl/errors/index.ts';
import { digestOf, isDigest, type Digest } from '../dsl/util/index.ts';
import { mapBounded } from './bounded.ts';
import { errorCode } from './file-errors.ts';
import { formatManifest, isManifestPath, parseManifest, type ManifestFile } from './manifest.ts';
import type { Store, StoredObject } from './store.ts';
import { temporaryName } from './temporary-files.ts';

/** How many files of one directory are copied at a time. */
const CONCURRENCY = 8;

/**
 * Stands in a folder without a file on its way through an object store, which knows no folders. It is no part of the
 * artifact: no digest counts it, and the harness takes it away before a step looks.
 */
export const EMPTY_FOLDER = '.pipewright-empty';

/** A file or a directory in the store, as plain data. */
export interface ArtifactReference {
  readonly type: 'file' | 'directory';
  /** Of the file's content, or of the directory's manifest (see manifest.ts). */
  readonly digest: Digest;
  /** Bytes, of a directory the sum over its files. */
  readonly size: number;
  /** Number of files; only of a directory. */
  readonly files?: number;
}

export function isArtifactReference(value: unknown): value is ArtifactReference {
  const { type, digest, size, files } = (value ?? {}) as Partial<Record<keyof ArtifactReference, unknown>>;
  const counted = type === 'directory' ? Number.isSafeInteger(files) : files === undefined;
  return (type === 'file' || type === 'directory') && typeof digest === 'string' && isDigest(digest) && Number.isSafeInteger(size) && counted;
}

/**
 * Puts a file or a directory into the store. Only names and contents count: times, modes and empty folders do not.
 * PW502 for what is neither a file nor a folder, or is not there.
 */
export function putArtifact(store: Store, path: string): Promise<ArtifactReference> {
  return referTo(path, (file) => putFile(store, file), async (manifest) => (await store.putObject(manifest)).digest);
}

/** The reference that `putArtifact` would give, without a store. PW502 as there. */
export function describeArtifact(path: string): Promise<ArtifactReference> {
  return referTo(path, hashFile, async (manifest) => digestOf(manifest));
}

/**
 * Writes an artifact to a path. It appears there in one step when all of it is verified; on an error nothing appears.
 * A file or an empty folder at the path is replaced, a folder with content is not (PW502).
 */
export async function getArtifact(store: Store, reference: ArtifactReference, targetPath: string): Promise<void> {
  // In the same folder, so that the rename stays inside one file system.
  const temporary = join(dirname(targetPath), `.${temporaryName()}`);
  try {
    await mkdir(dirname(targetPath), { recursive: true });
    if (reference.type === 'file') await getFile(store, reference.digest, temporary);
    else await getDirectory(store, reference.digest, temporary);
    await rename(temporary, targetPath);
  } catch (error) {
    // Where a file is in the way of the folder, there is nothing to remove, and rm says so.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error instanceof PipewrightError ? error : unwritable(targetPath, error);
  }
}

/** Reads all bytes of an artifact and says what is damaged or missing; nothing, if it is sound. Throws PW403 if the store fails. */
export async function verifyArtifact(store: Store, reference: ArtifactReference): Promise<readonly Issue[]> {
  if (reference.type === 'file') return findings(() => readThrough(store, reference.digest));
  let files: readonly ManifestFile[] = [];
  const ofManifest = await findings(async () => {
    files = await readManifest(store, reference.digest);
  });
  const digests = [...new Set(files.map((file) => file.digest))];
  const ofFiles = await mapBounded(digests, CONCURRENCY, (digest) => findings(() => readThrough(store, digest)));
  return [...ofManifest, ...ofFiles.flat()];
}

async function referTo(
  path: string, refer: (file: string) => Promise<StoredObject>, digestOfManifest: (manifest: string) => Promise<Digest>,
): Promise<ArtifactReference> {
  const found = await lstat(path).catch((cause: unknown) => Promise.reject(unreadable(path, cause)));
  if (found.isFile()) return { type: 'file', ...(await refer(path)) };
  if (!found.isDirectory()) throw notStorable(path, found.isSymbolicLink());
  const paths = await listFiles(path, '');
  const files = await mapBounded(paths, CONCURRENCY, async (inner): Promise<ManifestFile> => ({ path: inner, ...(await refer(join(path, inner))) }));
  return { type: 'directory', digest: await digestOfManifest(formatManifest(files)), size: sizeOf(files), files: files.length };
}

async function hashFile(path: string): Promise<StoredObject> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  return { digest: `sha256:${hash.digest('hex')}` as Digest, size };
}

async function putFile(store: Store, path: string): Promise<StoredObject> {
  const { digest, size } = await store.putObject(createReadStream(path)).catch((cause: unknown) => {
    throw (cause as NodeJS.ErrnoException).path === path ? unreadable(path, cause) : cause;
  });
  return { digest, size };
}

/** Relative paths of all files below a folder, with `/` between the segments. */
async function listFiles(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch((cause: unknown) => Promise.reject(unreadable(join(root, folder), cause)));
  for (const entry of entries) {
    if (folder === '' && entry.name === EMPTY_FOLDER) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await listFiles(root, path)));
    else if (entry.isFile() && isManifestPath(path)) found.push(path);
    else if (entry.isFile()) throw unportable(join(root, path));
    else throw notStorable(join(root, path), entry.isSymbolicLink());
  }
  return found;
}

async function getFile(store: Store, digest: Digest, path: string): Promise<void> {
  await pipeline(await store.getObject(digest), createWriteStream(path, { flags: 'wx' }));
}

async function getDirectory(store: Store, digest: Digest, path: string): Promise<void> {
  const files = await readManifest(store, digest);
  const folders = new Set(files.map((file) => dirname(join(path, file.path))));
  for (const folder of [path, ...folders]) await mkdir(folder, { recursive: true });
  await mapBounded(files, CONCURRENCY, (file) => getFile(store, file.digest, join(path, file.path)));
}

async function readManifest(store: Store, digest: Digest): Promise<readonly ManifestFile[]> {
  return parseManifest(await text(await store.getObject(digest)), digest);
}

async function readThrough(store: Store, digest: Digest): Promise<void> {
  await pipeline(await store.getObject(digest), new Writable({ write: (_chunk, _encoding, done) => done() }));
}

async function findings(check: () => Promise<void>): Promise<readonly Issue[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (error instanceof PipewrightError && ['PW401', 'PW402', 'PW404'].includes(error.code)) return error.issues;
    throw error;
  }
}

function sizeOf(files: readonly ManifestFile[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}

function notStorable(path: string, isLink: boolean): PipewrightError {
  return new PipewrightError({
    code: 'PW502',
    message: `${path} is ${isLink ? 'a symbolic link' : 'neither a file nor a folder'}, so it cannot be part of an artifact.`,
    fix: isLink ? 'Write a copy of the file in place of the link: what it points to may not exist where the artifact is read.' : 'Remove it from the artifact.',
  });
}

function unportable(path: string): PipewrightError {
  return new PipewrightError({
    code: 'PW502',
    message: `The name of the file ${path} has a backslash, which is a folder on some systems.`,
    fix: 'Give the file a name without a backslash.',
  });
}

function unreadable(path: string, cause: unknown): PipewrightError {
  const absent = errorCode(cause) === 'ENOENT';
  return new PipewrightError(
    {
      code: 'PW502',
      message: absent ? `${path} does not exist, so it cannot be stored.` : `${path} cannot be read: ${(cause as Error).message}.`,
      fix: absent ? 'Write the file before it is stored, or correct the path.' : 'Check the path and the rights to read it.',
    },
    { cause },
  );
}

function unwritable(path: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (code === undefined) return cause;
  const isTaken = ['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR', 'EBUSY'].includes(code);
  return new PipewrightError(
    {
      code: 'PW502',
      message: `The artifact cannot be written to ${path}: ${isTaken ? `something is there already that cannot be replaced (${code})` : (cause as Error).message}.`,
      fix: isTaken ? 'Remove what is there, or give another path.' : 'Check the space on the disk and the right to write there.',
    },
    { cause },
  );
}
