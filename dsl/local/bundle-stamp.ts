import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf, isDigest, type Digest } from '../util/index.ts';

/*
 * What a bundle was made of, so that an unchanged step is not packed again. A file counts as unchanged when its size and
 * time are as they were; when they are not, its content is compared, so a fresh checkout costs a read and no packing.
 */

/** Files beside the sources that decide how they are packed. */
const CONFIGURATION = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** A change so soon after the stamp may leave size and time as they were; Git calls such an entry "racy". */
const RACY_MS = 2000;

interface Stamp {
  readonly settings: Digest;
  readonly stampedAt: number;
  readonly made: Made;
  /** Path relative to the project, size, time of the last change in milliseconds, digest of the content. A file that was not there: size -1. */
  readonly inputs: readonly (readonly [path: string, size: number, modified: number, digest: string])[];
}

export interface Made {
  readonly digest: Digest;
  readonly assets: readonly string[];
}

/** What was made, if it would be made again in the same way; undefined when it must be packed. */
export async function readStamp(path: string, root: string, settings: Digest): Promise<Made | undefined> {
  const stamp = await parseStamp(path);
  if (stamp === undefined || stamp.settings !== settings) return undefined;
  let touched = false;
  for (const [input, size, modified, digest] of stamp.inputs) {
    const now = lookAt(join(root, input));
    const same = now.size === size && now.modified === modified && modified < stamp.stampedAt - RACY_MS;
    if (same || (size === -1 && now.size === -1)) continue;
    if (now.size !== size || (await digestOfFile(join(root, input))) !== digest) return undefined;
    touched = true;
  }
  // The new times are written down, or every later call would read the contents again. A stamp that is still racy stays.
  if (touched && Date.now() - stamp.stampedAt > RACY_MS) await writeStamp(path, root, settings, stamp.inputs.map(([input]) => input), stamp.made);
  return stamp.made;
}

export async function writeStamp(path: string, root: string, settings: Digest, inputs: readonly string[], made: Made): Promise<void> {
  const stampedAt = Date.now();
  const all = [...new Set([...CONFIGURATION, ...inputs])];
  const entries = await Promise.all(
    all.map(async (input) => {
      const { size, modified } = lookAt(join(root, input));
      return [input, size, modified, size === -1 ? '' : await digestOfFile(join(root, input))] as const;
    }),
  );
  const stamp: Stamp = { settings, stampedAt, made, inputs: entries };
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  await writeFile(temporary, JSON.stringify(stamp));
  await rename(temporary, path);
}

/** A stamp that cannot be read is only a reason to pack again. */
async function parseStamp(path: string): Promise<Stamp | undefined> {
  try {
    const stamp = JSON.parse(await readFile(path, 'utf8')) as Stamp;
    return isDigest(stamp.made.digest) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function lookAt(path: string): { readonly size: number; readonly modified: number } {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? { size: -1, modified: 0 } : { size: found.size, modified: found.mtimeMs };
}

async function digestOfFile(path: string): Promise<Digest> {
  return digestOf(await readFile(path));
}
