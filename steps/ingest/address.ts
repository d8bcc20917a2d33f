import { download } from './http/download.ts';
import type { Limits } from './http/limits.ts';
import type { Source } from './source.ts';

const HEADERS = { accept: 'text/csv, text/plain;q=0.9, */*;q=0.1', 'user-agent': 'pipewright' } as const;

/** Asks a server for a file and streams the answer; see `download` for what it takes and what it throws. */
export async function openAddress(url: URL, limits: Limits): Promise<Source> {
  const { name, bytes } = await download(url, HEADERS, limits);
  return { name, origin: name, bytes };
}
