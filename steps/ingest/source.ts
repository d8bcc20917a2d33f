import { constants, createReadStream, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { openAddress } from './address.ts';
import { DEFAULT_LIMITS, type Limits } from './http/limits.ts';
import { locatePackaged, PACKAGED } from './packaged.ts';

/** Bytes on their way in, and what is known about them beforehand. */
export interface Source {
  /** For messages; no credentials. */
  readonly name: string;
  /** For the manifest: the same on every machine. */
  readonly origin: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** The only content that it may have. */
  readonly digest?: Digest;
}

const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/**
 * Opens a source: `packaged`, an http or https address, a file: URL, or a path. Each kind is one branch here and one file
 * beside this one. PW502 when there is nothing to read.
 */
export async function openSource(source: string, limits: Partial<Limits> = {}): Promise<Source> {
  if (source === 'packaged') {
    const name = `${PACKAGED.package}@${PACKAGED.version}/${PACKAGED.file}`;
    return { name, origin: name, bytes: createReadStream(locatePackaged()), digest: PACKAGED.digest };
  }
  const scheme = SCHEME.exec(source)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return openAddress(parse(source, (text) => new URL(text)), { ...DEFAULT_LIMITS, ...limits });
  if (scheme === undefined || scheme === 'file') return openFile(scheme === 'file' ? parse(source, fileURLToPath) : source);
  throw new PipewrightError({
    code: 'PW502',
    message: `The source "${source}" is of a kind that cannot be read: ${scheme}.`,
    fix: 'Give "packaged", the path of a CSV or Parquet file, or an http or https address.',
  });
}

function parse<T>(source: string, read: (text: string) => T): T {
  try {
    return read(source);
  } catch (cause) {
    throw new PipewrightError({ code: 'PW502', message: `The source "${source}" is not an address: ${(cause as Error).message}.`, fix: 'Write it as in https://example.org/prices.csv or file:///data/prices.csv.' }, { cause });
  }
}

async function openFile(path: string): Promise<Source> {
  const look = async (): Promise<Stats> => {
    await access(path, constants.R_OK);
    return stat(path);
  };
  const found = await look().catch((cause: NodeJS.ErrnoException) => {
    const absent = cause.code === 'ENOENT' || cause.code === 'ENOTDIR';
    throw new PipewrightError(
      {
        code: 'PW502',
        message: absent ? `There is no file "${path}"${isAbsolute(path) ? '' : `, looked for in ${process.cwd()}`}.` : `The file "${path}" cannot be read: ${cause.message}.`,
        fix: absent ? 'Correct the parameter "source".' : 'Check the path and the right to read it.',
      },
      { cause },
    );
  });
  if (found.isFile()) return { name: path, origin: basename(path), bytes: createReadStream(path) };
  throw new PipewrightError({ code: 'PW502', message: `"${path}" is a ${found.isDirectory() ? 'folder' : 'pipe or a device'}, but one file is read.`, fix: 'Give the path of a file.' });
}
