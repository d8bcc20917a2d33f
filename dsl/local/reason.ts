import { ERROR_CODES, PipewrightError, type ErrorCode } from '../errors/index.ts';
import type { Reason } from './run-record.ts';

/** What a caught error says to a person. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof PipewrightError) {
    const { code, message, fix } = error.issues[0]!;
    return { code, message: error.issues.length === 1 ? message : error.issues.map((issue) => issue.message).join(' '), fix };
  }
  return {
    code: 'PW999',
    message: error instanceof Error ? error.message : String(error),
    fix: 'Run again with PIPEWRIGHT_DEBUG=1 and report what it prints.',
  };
}

/** Whether a step in any language named one of our codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
