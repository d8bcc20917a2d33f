import { PipewrightError, type ErrorCode } from '../../dsl/errors/index.ts';

/**
 * Does some work of `model/`, which answers what it cannot do with a RangeError, and passes that on as a sentence for
 * people, with a code and what to do. Other errors pass as they are.
 */
export async function refuseRangeErrors<T>(code: ErrorCode, fix: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new PipewrightError({ code, message: error.message, fix }, { cause: error });
  }
}
