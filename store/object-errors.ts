import { PipewrightError } from '../dsl/errors/index.ts';
import type { Digest } from '../dsl/util/index.ts';

/** PW401. `place` is the path or address that a person would delete. */
export function damagedObject(digest: Digest, actual: Digest, place: string): PipewrightError {
  return new PipewrightError({
    code: 'PW401',
    message: `The object ${digest} is damaged: ${place} holds other bytes, with the digest ${actual}.`,
    fix: `Delete ${place} and run again: the step that made it writes it anew.`,
  });
}

/** PW402. */
export function missingObject(digest: Digest, store: string): PipewrightError {
  return new PipewrightError({
    code: 'PW402',
    message: `The object ${digest} is not in the store ${store}.`,
    fix: 'Run again so that the step that makes it writes it anew, or name the store that holds it.',
  });
}
