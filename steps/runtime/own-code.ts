import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assetsNamedIn, bundleDigest } from '../../dsl/contract/index.ts';
import type { Digest } from '../../dsl/util/index.ts';

/** The identity of a packed program, from its own files; `main` is the path of its `main.mjs`. */
export async function codeOf(main: string): Promise<Digest> {
  const bytes = await readFile(main);
  const assets = await Promise.all(assetsNamedIn(bytes).map(async (name) => [name, await readFile(join(dirname(main), name))] as const));
  return bundleDigest(bytes, Object.fromEntries(assets));
}
