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

function conceal(error: unknown, key: string): unknown {
  const clean = (text: string): string => text.replaceAll(key, '…').replaceAll(encodeURIComponent(key), '…');
  if (error instanceof PipewrightError) return new PipewrightError(error.issues.map((issue): Issue => ({ ...issue, message: clean(issue.message), fix: clean(issue.fix) })));
  if (error instanceof Error && JSON.stringify([error.message, error.stack, String(error.cause)]).includes(key)) return new Error(clean(error.message));
  return error;
}
