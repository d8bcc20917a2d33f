import { PipewrightError } from '../dsl/errors/index.ts';
import { canonicalJson, isDigest, type Digest } from '../dsl/util/index.ts';

/** One file of a directory artifact. */
export interface ManifestFile {
  /** Relative, with `/` between the segments. */
  readonly path: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * The text that stands for a directory: canonical JSON of `{files: [{path, digest, size}]}`, sorted by path in the order
 * of code units. The same files give the same text, and so the same digest, on every machine.
 */
export function formatManifest(files: readonly ManifestFile[]): string {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return canonicalJson({ files: sorted.map(({ path, digest, size }) => ({ path, digest, size })) });
}

/** Reads such a text. PW404 when it is not one, or when a path could lead out of the directory. */
export function parseManifest(text: string, digest: Digest): readonly ManifestFile[] {
  const files = readFiles(text);
  if (files === undefined) {
    throw new PipewrightError({
      code: 'PW404',
      message: `The object ${digest} is not the list of a directory's files.`,
      fix: 'Check that the artifact is a directory: its reference says "directory" but may belong to a file.',
    });
  }
  for (const { path } of files) {
    if (!isManifestPath(path)) {
      throw new PipewrightError({
        code: 'PW404',
        message: `The directory ${digest} lists the path "${path}", which is not a plain path inside it.`,
        fix: 'Do not use this artifact: Pipewright never writes such a list.',
      });
    }
  }
  return files;
}

function readFiles(text: string): readonly ManifestFile[] | undefined {
  try {
    const { files } = JSON.parse(text) as { readonly files?: unknown };
    return Array.isArray(files) && files.every(isManifestFile) ? files : undefined;
  } catch {
    return undefined;
  }
}

function isManifestFile(value: unknown): value is ManifestFile {
  const { path, digest, size } = (value ?? {}) as Partial<Record<keyof ManifestFile, unknown>>;
  return typeof path === 'string' && typeof digest === 'string' && isDigest(digest) && Number.isSafeInteger(size);
}

/** Relative, plain segments, and the same on every system: on some a backslash is a folder. */
export function isManifestPath(path: string): boolean {
  return !path.includes('\0') && !path.includes('\\') && path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}
