import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { digestOf, type Digest } from '../../dsl/util/index.ts';
import { MODEL_FILES } from '../../model/document/index.ts';
import { formatManifest } from '../../store/index.ts';
import { prepareModel } from './served-model.ts';
import type { ModelSource } from './source.ts';

export interface FolderOptions {
  /** Name that clients ask for. */
  readonly name: string;
  /** Default: the first twelve digits of the files' digest, so that other files are another version. */
  readonly version?: string | undefined;
}

/** A model from the three files in a folder. They are read at each look; a folder with other files is a new version. */
export function createFolderSource(folder: string, { name, version }: FolderOptions): ModelSource {
  const role = 'folder';
  return {
    description: `the folder ${folder}`,
    role,
    async find() {
      const files = await readModelFiles(folder);
      const digest = digestOfFiles(files);
      const identity = { name, version: version ?? shortDigest(digest), role, digest };
      return { ...identity, load: async () => prepareModel(files, identity) };
    },
  };
}

/** The name that a stored model has in its own document. PW602 when the folder holds no model. */
export async function readModelName(folder: string): Promise<string> {
  const bytes = (await readModelFiles(folder))['pipewright.json']!;
  try {
    const { name } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly name?: unknown };
    if (typeof name === 'string' && name !== '') return name;
  } catch {
    // Said below, in words that fit both.
  }
  throw new PipewrightError({
    code: 'PW602',
    message: `${join(folder, 'pipewright.json')} does not name its model.`,
    fix: 'Give the folder that the train step wrote, or name the model with --model.',
  });
}

async function readModelFiles(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  try {
    // One after the other, so that of several missing files the same one is always named.
    for (const name of MODEL_FILES) files[name] = await readFile(join(folder, name));
    return files;
  } catch (cause) {
    throw new PipewrightError(
      {
        code: 'PW602',
        message: `The folder ${folder} holds no model that can be read: ${(cause as Error).message}.`,
        fix: `Give a folder with the files ${MODEL_FILES.join(', ')}, as the train step writes it.`,
      },
      { cause },
    );
  }
}

/** The digest that the store gives to a folder with these files. */
function digestOfFiles(files: Readonly<Record<string, Uint8Array>>): Digest {
  return digestOf(formatManifest(Object.entries(files).map(([path, bytes]) => ({ path, digest: digestOf(bytes), size: bytes.length }))));
}

function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length).slice(0, 12);
}
