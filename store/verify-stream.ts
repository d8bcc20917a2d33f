import { createHash } from 'node:crypto';
import { Transform, pipeline, type Readable } from 'node:stream';
import type { Digest } from '../dsl/util/index.ts';

/** What a verified stream ends with, when it does not end well. */
export interface Failures {
  /** The bytes had another digest. */
  readonly damaged: (actual: Digest) => Error;
  /** The source broke off. */
  readonly broken: (cause: unknown) => Error;
}

/**
 * Passes the bytes on while hashing them. The digest is known only after the last byte, so a damaged stream is
 * destroyed with an error in place of its end: a consumer never sees it end, and `pipeline` or `for await` throws.
 */
export function verifyStream(source: Readable, digest: Digest, failures: Failures): Readable {
  const hash = createHash('sha256');
  const verifier = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const actual = `sha256:${hash.digest('hex')}` as Digest;
      done(actual === digest ? null : failures.damaged(actual));
    },
  });
  // Registered before `pipeline` does, so the consumer reads our sentence and not the bare system error.
  source.once('error', (cause) => verifier.destroy(failures.broken(cause)));
  pipeline(source, verifier, () => undefined);
  return verifier;
}
