import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Answer } from './exchange.ts';
import { refused } from './fault.ts';

/** Unpacks what the server packed on its own account; it was asked not to. PW502 for a packing that is unknown, or is none. */
export async function* unpack(name: string, encoding: string | undefined, raw: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packing = (encoding ?? '').trim().toLowerCase();
  if (packing === '' || packing === 'identity') {
    yield* raw;
    return;
  }
  const unpacker = unpackerOf(packing);
  if (unpacker === undefined) throw refused(`${name} is packed in a way that was not asked for: ${packing}`, 'Give an address that answers with the plain file.');
  // What goes wrong comes out of the loop; the callback only keeps it from being thrown twice.
  const unpacked = pipeline(Readable.from(raw, { objectMode: false }), unpacker, () => undefined) as Transform;
  try {
    for await (const chunk of unpacked) yield chunk as Uint8Array;
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    if (code === undefined || !/^(Z_|ERR_.*(BROTLI|ZLIB)|ERR__ERROR_FORMAT)/.test(code)) throw cause;
    throw refused(`${name} says that it is packed with ${packing}, but it cannot be unpacked: it is damaged or cut off`, 'Try again; if it stays so, download the file and give its path.', cause);
  }
}

function unpackerOf(packing: string): Transform | undefined {
  if (packing === 'gzip' || packing === 'x-gzip') return createGunzip();
  if (packing === 'deflate') return createInflate();
  return packing === 'br' ? createBrotliDecompress() : undefined;
}

/** Passes bytes on until there are more than the limit: PW502. */
export async function* limitBytes(name: string, maximumBytes: number, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const chunk of bytes) {
    count += chunk.length;
    if (count > maximumBytes) throw tooLarge(name, maximumBytes);
    yield chunk;
  }
}

/** Refuses by the head what need not be read to be refused: a body too large, a picture, a text that is not in UTF-8. PW502. */
export function demandReadable(name: string, { headers }: Answer, maximumBytes: number): void {
  const length = Number(headers['content-length'] ?? 0);
  if (length > maximumBytes) throw tooLarge(name, maximumBytes, length);
  const [type = '', ...settings] = (headers['content-type'] ?? '').toLowerCase().split(';').map((part) => part.trim());
  if (/^(image|audio|video|font)\/|^application\/pdf$/.test(type)) {
    throw refused(`${name} answers with ${type}, not with data`, 'Correct the address; open it in a browser to see what is there.');
  }
  const charset = settings.find((setting) => setting.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  // Many servers name Latin 1 for whatever they send. What is not ASCII is found out when it is read as UTF-8.
  if (charset !== undefined && !/^(utf-?8|us-ascii|ascii|iso-8859-\d+|latin-?1|windows-125\d)$/.test(charset)) {
    throw refused(`${name} is text in ${charset}`, 'Give an address that answers in UTF-8, or download the file, save it as UTF-8 and give its path.');
  }
}

function tooLarge(name: string, maximumBytes: number, length?: number): Error {
  const size = length === undefined ? `more than ${maximumBytes}` : String(length);
  return refused(`${name} is too large: ${size} bytes, allowed are ${maximumBytes}`, 'Ask for less, or raise the parameter maximumMegabytes.');
}
