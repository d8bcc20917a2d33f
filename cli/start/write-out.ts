import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { nearbyPath } from '../errors.ts';

/** Writes a file that the caller named, with its folders, and says where it is. */
export async function writeOut(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `${nearbyPath(path)} cannot be written: ${(cause as Error).message}.`, fix: 'Name a file in a folder that you may write to.' }, { cause });
  }
  process.stdout.write(`wrote ${nearbyPath(path)}\n`);
}
