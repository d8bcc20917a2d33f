import { PipewrightError } from '../../dsl/errors/index.ts';

/** For whoever reads all runs: nothing, for one whose folder was removed or damaged. */
export function ignoreUnreadable(error: unknown): undefined {
  if (error instanceof PipewrightError && ['PW309', 'PW903'].includes(error.code)) return undefined;
  throw error;
}
