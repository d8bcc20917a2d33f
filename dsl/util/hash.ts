import { createHash } from 'node:crypto';
import type { Brand } from './brand.ts';
import { canonicalJson } from './json.ts';

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = Brand<'Digest'>;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

export function digestOf(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

/** Digest of a plain value, independent of the order of its keys. */
export function digestOfJson(value: unknown): Digest {
  return digestOf(canonicalJson(value));
}
