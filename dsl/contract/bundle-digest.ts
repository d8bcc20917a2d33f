import { digestOf, digestOfJson, type Digest } from '../util/index.ts';

/*
 * The identity of a TypeScript step's code: the digest of its packed program and of the files that it needs beside it.
 * The packer computes it, and so does the program itself, from its own files: an image whose tag lies has another one.
 */

const NEWLINE = 10;
const MARK = '//# pipewrightAssets=';

/** The packed program with the names of the files beside it in its last line, where the program finds them again. */
export function nameAssets(main: Uint8Array, assets: readonly string[]): Uint8Array {
  return assets.length === 0 ? main : Buffer.concat([main, Buffer.from(`${MARK}${JSON.stringify(assets)}\n`)]);
}

/** What `nameAssets` wrote down. */
export function assetsNamedIn(main: Uint8Array): readonly string[] {
  const end = main.at(-1) === NEWLINE ? main.length - 1 : main.length;
  const last = Buffer.from(main.subarray(end === 0 ? 0 : main.lastIndexOf(NEWLINE, end - 1) + 1, end)).toString('utf8');
  return last.startsWith(MARK) ? (JSON.parse(last.slice(MARK.length)) as string[]) : [];
}

export function bundleDigest(main: Uint8Array, assets: Readonly<Record<string, Uint8Array>>): Digest {
  return digestOfJson({ main: digestOf(main), assets: Object.fromEntries(Object.entries(assets).map(([name, bytes]) => [name, digestOf(bytes)])) });
}
