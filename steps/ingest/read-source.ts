import { createHash } from 'node:crypto';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Digest } from '../../dsl/util/index.ts';
import { decodeText } from './decode-text.ts';
import { parseBars, type ParsedBars } from './parse-bars.ts';
import { isParquet } from './is-parquet.ts';
import type { Source } from './source.ts';

const ENOUGH_TO_TELL = 4;

/** What was read, before anything is done with it. */
export interface Reading {
  readonly source: string;
  /** Of the bytes as they came. */
  readonly digest: Digest;
  readonly bytes: number;
  readonly rows: number;
  /** First and last day in the file's own order. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly columns: readonly string[];
}

/**
 * Reads a source to its end. `digest` is what the source must have beside what it asks for itself; empty for any. PW502
 * as `parseBars`, and when the content is not the wanted one.
 */
export async function readSource(source: Source, digest = '', options: { readonly adjusted?: boolean } = {}): Promise<ParsedBars & { readonly reading: Reading }> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measure(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.bytes) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const parsed = await parse(source.name, measure(), options);
  const { bars } = parsed;
  const found = `sha256:${hash.digest('hex')}` as Digest;
  demandDigest(source, digest, found);
  const reading: Reading = {
    source: source.origin,
    digest: found,
    bytes,
    rows: bars.date.length,
    firstDay: bars.date[0]!,
    lastDay: bars.date.at(-1)!,
    columns: Object.keys(bars),
  };
  return { ...parsed, reading };
}

/** A file says by its first bytes what it is, whatever its name. */
async function parse(name: string, bytes: AsyncGenerator<Uint8Array>, options: { readonly adjusted?: boolean }): Promise<ParsedBars> {
  const head = await takeHead(bytes);
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* bytes;
  }
  if (!isParquet(head)) return parseBars(name, decodeText(name, whole()), options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of whole()) chunks.push(chunk);
  // What decodes Parquet is loaded by those who read some.
  const { parseParquet } = await import('./parse-parquet.ts');
  return { bars: await parseParquet(name, Buffer.concat(chunks), options) };
}

/** The first chunks, until a kind of file can be told: a server may send byte by byte. */
async function takeHead(bytes: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < ENOUGH_TO_TELL; ) {
    const next = await bytes.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(chunks);
}

/** PW502 unless the content is the one that the source must have, and the one that was asked for; empty for any. */
export function demandDigest(source: Pick<Source, 'name' | 'digest'>, asked: string, found: Digest): void {
  for (const wanted of [source.digest, asked]) {
    if (wanted !== undefined && wanted !== '' && wanted !== found) throw unexpectedContent(source, wanted, found);
  }
}

function unexpectedContent({ name, digest }: Pick<Source, 'name' | 'digest'>, wanted: string, found: Digest): PipewrightError {
  return new PipewrightError({
    code: 'PW502',
    message: `${name} is not the file that is expected: its digest is ${found}, wanted is ${wanted}.`,
    fix:
      wanted === digest
        ? 'Install the version of the package that the lock file names: npm ci.'
        : 'Find out why it changed; if the new content is right, give its digest, or none.',
  });
}
