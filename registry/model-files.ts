import { buffer } from 'node:stream/consumers';
import type { Digest } from '../dsl/util/index.ts';
import { mapBounded, parseManifest, type Store } from '../store/index.ts';

const CONCURRENCY = 8;

/** The files of the folder with this digest by name, straight into memory: a model is small. PW402 when one is not in the store. */
export async function readModelFiles(store: Store, digest: Digest): Promise<Record<string, Uint8Array>> {
  const read = async (of: Digest): Promise<Buffer> => buffer(await store.getObject(of));
  const listing = parseManifest((await read(digest)).toString('utf8'), digest);
  return Object.fromEntries(await mapBounded(listing, CONCURRENCY, async (file) => [file.path, await read(file.digest)] as const));
}
