import { PipewrightError, type Issue } from '../../../dsl/errors/index.ts';

/**
 * Does some work with a key. Whatever goes wrong, the key is in no error that comes out of it: services quote it in their answers, and
 * an address has it in its query. Causes are dropped, because they quote more than can be looked through.
 */
export async function concealing<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw conceal(error, key);
  }
}

/** The text without the key in any spelling of its letters: parts of an answer's head are told in small ones. */
export function withoutKey(text: string, key: string): string {
  const words = [key, encodeURIComponent(key)].map((word) => word.replaceAll(/[^A-Za-z0-9]/g, '\\$&'));
  return text.replaceAll(new RegExp(words.join('|'), 'gi'), '…');
}

function conceal(error: unknown, key: string): unknown {
  if (error instanceof PipewrightError) return new PipewrightError(error.issues.map((issue): Issue => ({ ...issue, message: withoutKey(issue.message, key), fix: withoutKey(issue.fix, key) })));
  // The reason of a cancelled run passes as it is.
  if (!(error instanceof Error)) return error;
  const told = [error.message, error.stack, String(error.cause)].join(' ');
  return withoutKey(told, key) === told ? error : new Error(withoutKey(error.message, key));
}
