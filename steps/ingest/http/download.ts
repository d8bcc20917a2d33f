import { createHash, type Hash } from 'node:crypto';
import { nameOf } from './address-name.ts';
import { Attempts, withDeadline } from './attempts.ts';
import { demandReadable, limitBytes, unpack } from './body.ts';
import type { Answer } from './exchange.ts';
import { PassingFault, passing } from './fault.ts';
import { follow } from './follow.ts';
import type { Limits } from './limits.ts';
import { refusalOf } from './refusal.ts';

/** A file on its way. */
export interface Download {
  /** For messages and manifests: no credentials, no query. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Asks for a file and streams it. A connection that breaks is taken up where it broke: by Range and If-Range where the answer has a strong
 * ETag (RFC 9110 §13.1.5, §14.2), otherwise by reading again from the start and comparing what was already passed on, so the
 * bytes are always those of one version. PW502 for an answer that is not the file; PW301 for a fault that does not pass.
 */
export async function download(url: URL, headers: Readonly<Record<string, string>>, given: Limits): Promise<Download> {
  const name = nameOf(url);
  const limits = withDeadline(given, name);
  const attempts = new Attempts(limits);
  const plain = { ...headers, 'accept-encoding': 'identity' };
  const first = await attempts.run(() => open(url, plain, limits, [200]));
  demandReadable(name, first, limits.maximumBytes);
  const raw = limitBytes(name, limits.maximumBytes, resumable(first, { attempts, again: (extra, wanted) => open(url, { ...plain, ...extra }, limits, wanted) }));
  return { name, bytes: limitBytes(name, limits.maximumBytes, unpack(name, first.headers['content-encoding'], raw)) };
}

type Again = (extra: Readonly<Record<string, string>>, wanted: readonly number[]) => Promise<Answer>;

async function open(url: URL, headers: Readonly<Record<string, string>>, limits: Limits, wanted: readonly number[]): Promise<Answer> {
  const answer = await follow(url, headers, limits);
  if (wanted.includes(answer.status)) return answer;
  answer.close();
  throw refusalOf(nameOf(url), answer);
}

async function* resumable(first: Answer, { attempts, again }: { readonly attempts: Attempts; readonly again: Again }): AsyncGenerator<Uint8Array> {
  const etag = first.headers.etag?.startsWith('"') ? first.headers.etag : undefined;
  const passed = createHash('sha256');
  let count = 0;
  let rest: AsyncIterable<Uint8Array> = first.body;
  for (;;) {
    try {
      for await (const chunk of rest) {
        passed.update(chunk);
        count += chunk.length;
        yield chunk;
      }
      return;
    } catch (fault) {
      await attempts.pauseAfter(fault);
    }
    const range: Readonly<Record<string, string>> = etag === undefined || count === 0 ? {} : { range: `bytes=${count}-`, 'if-range': etag };
    const answer = await attempts.run(() => again(range, [200, 206, 416]));
    rest = restOf(answer, count, passed);
  }
}

/** What follows the bytes that were already passed on. Throws PW301 when the file has become another: what was passed on cannot be called back. */
function restOf(answer: Answer, count: number, passed: Hash): AsyncIterable<Uint8Array> {
  if (answer.status === 206) {
    if (new RegExp(`^bytes ${count}-\\d+/(\\d+|\\*)$`).test(answer.headers['content-range'] ?? '')) return answer.body;
    answer.close();
    throw passing(`${nameOf(answer.url)} was asked for the rest of the file and gave another part of it`);
  }
  if (answer.status === 416) {
    answer.close();
    throw changed(answer);
  }
  return skipEqual(answer, count, passed.copy().digest('hex'));
}

async function* skipEqual(answer: Answer, count: number, digest: string): AsyncGenerator<Uint8Array> {
  const repeated = createHash('sha256');
  let left = count;
  for await (const chunk of answer.body) {
    if (left === 0) {
      yield chunk;
      continue;
    }
    const known = chunk.subarray(0, left);
    repeated.update(known);
    left -= known.length;
    if (left > 0) continue;
    if (repeated.digest('hex') !== digest) throw changed(answer);
    if (known.length < chunk.length) yield chunk.subarray(known.length);
  }
  if (left > 0) throw changed(answer);
}

function changed({ url }: Answer): Error {
  return passing(`${nameOf(url)} changed while it was read`);
}

/** Reads a small answer whole, whatever its status. PassingFault as `exchange`; PW502 when it is too large or cannot be unpacked. */
export async function readWhole(url: URL, headers: Readonly<Record<string, string>>, limits: Limits): Promise<{ readonly answer: Answer; readonly bytes: Buffer }> {
  const answer = await follow(url, { ...headers, 'accept-encoding': 'gzip' }, limits);
  const name = nameOf(url);
  const chunks: Uint8Array[] = [];
  try {
    demandReadable(name, answer, limits.maximumBytes);
    const raw = limitBytes(name, limits.maximumBytes, answer.body);
    for await (const chunk of limitBytes(name, limits.maximumBytes, unpack(name, answer.headers['content-encoding'], raw))) chunks.push(chunk);
  } catch (error) {
    answer.close();
    // The status says more than a body that cannot be read.
    if (answer.status >= 400 && !(error instanceof PassingFault)) throw refusalOf(name, answer);
    throw error;
  }
  return { answer, bytes: Buffer.concat(chunks) };
}
