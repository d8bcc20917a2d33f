import { PipewrightError } from '../dsl/errors/index.ts';
import { isDigest, type Digest } from '../dsl/util/index.ts';

/** A record is small: the conditional put of S3 protects only what travels as one request. */
const RECORD_LIMIT_BYTES = 4 * 1024 * 1024;
const KEY_LIMIT = 512;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

/** `objects/sha256/ab/cdef…`: 256 folders keep each of them small, as in Git. */
export function objectKey(digest: Digest): string {
  // The brand is only as good as the JSON that it was read from, and this text becomes a path.
  if (!isDigest(digest)) {
    throw new PipewrightError({
      code: 'PW402',
      message: `"${String(digest)}" is not a digest, so no object can have that name.`,
      fix: 'Give "sha256:" and 64 lower-case hexadecimal digits.',
    });
  }
  const hex = digest.slice('sha256:'.length);
  return `objects/sha256/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

/**
 * `records/<key>`. A key is made of segments of letters, digits, `_`, `.` and `-`; the last one ends in `.json` and no
 * other does. So no key is a folder of another one, and every key means the same in a directory and in S3.
 */
export function recordKey(key: string): string {
  const segments = key.split('/');
  const name = segments.pop()!;
  const sound = key.length <= KEY_LIMIT && SEGMENT.test(name) && name.endsWith('.json') && segments.every(isFolder);
  if (!sound) throw invalidKey('key', key, 'end it in ".json"');
  return `records/${key}`;
}

/** `records/<prefix>`, where the prefix may end in the middle of a segment. */
export function recordPrefix(prefix: string): string {
  const segments = prefix.split('/');
  const start = segments.pop()!;
  if (!(start === '' || SEGMENT.test(start)) || !segments.every(isFolder)) throw invalidKey('prefix', prefix, 'end it in "/" for a folder');
  return `records/${prefix}`;
}

/** The bytes of a record, if it is small enough. */
export function recordBytes(key: string, text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length > RECORD_LIMIT_BYTES) {
    throw new PipewrightError({
      code: 'PW404',
      message: `The record "${key}" has ${bytes.length} bytes; a record may have ${RECORD_LIMIT_BYTES}.`,
      fix: 'Put the content as an object and keep its digest in the record.',
    });
  }
  return bytes;
}

function isFolder(segment: string): boolean {
  return SEGMENT.test(segment) && !segment.endsWith('.json');
}

function invalidKey(what: string, key: string, hint: string): PipewrightError {
  return new PipewrightError({
    code: 'PW404',
    message: `"${key}" is not a valid record ${what}.`,
    fix: `Use segments of letters, digits, "_", "." and "-" with "/" between them, do not start one with "." or "-", and ${hint}.`,
  });
}
