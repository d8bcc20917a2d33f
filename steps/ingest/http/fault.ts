import { PipewrightError } from '../../../dsl/errors/index.ts';

/** What may be gone the next time: no answer, silence, an overloaded server, a connection that breaks. */
export class PassingFault extends Error {
  /** How long the server wants to be left alone, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  /** `sentence` without its full stop. */
  constructor(sentence: string, options: { readonly retryAfterSeconds?: number | undefined; readonly cause?: unknown } = {}) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PassingFault';
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** PW301, with which a step may be tried again. */
export function passing(sentence: string, cause?: unknown, fix = 'Try again later; if it stays so, download the file and give its path.'): PipewrightError {
  return new PipewrightError({ code: 'PW301', message: `${sentence}.`, fix }, { cause });
}

/** PW502, with which trying again is no use. */
export function refused(sentence: string, fix: string, cause?: unknown): PipewrightError {
  return new PipewrightError({ code: 'PW502', message: `${sentence}.`, fix }, { cause });
}

/** The cause that says something: the error on top often only says that something went wrong. */
export function rootOf(error: unknown): string {
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  if (cause instanceof Error) return rootOf(cause);
  // A host with several addresses gives one error for each.
  if (error instanceof Error && error.message === '' && errors?.[0] !== undefined) return rootOf(errors[0]);
  return error instanceof Error ? error.message : String(error);
}
