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

/** Why a connection did not come about: PW502 where the server cannot prove who it is, a PassingFault elsewhere. */
export function unreachable(name: string, cause: unknown): Error {
  const { code } = cause as { readonly code?: unknown };
  // The codes of OpenSSL and of Node for certificates, https://nodejs.org/docs/latest-v22.x/api/tls.html#x509-certificate-error-codes.
  if (typeof code === 'string' && /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/.test(code)) {
    return refused(`${name} has a certificate that is not trusted: ${rootOf(cause)}`, 'Somebody may be between you and the server. If it is yours, give Node its certificate in the variable NODE_EXTRA_CA_CERTS.', cause);
  }
  return new PassingFault(`${name} cannot be reached: ${rootOf(cause)}`, { cause });
}

/** The cause that says something: the error on top often only says that something went wrong. */
export function rootOf(error: unknown): string {
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  if (cause instanceof Error) return rootOf(cause);
  // A host with several addresses gives one error for each.
  if (error instanceof Error && error.message === '' && errors?.[0] !== undefined) return rootOf(errors[0]);
  return error instanceof Error ? error.message : String(error);
}
