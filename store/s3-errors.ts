import { PipewrightError } from '../dsl/errors/index.ts';
import { errorCode } from './file-errors.ts';
import type { S3Settings } from './s3-settings.ts';

interface Explanation {
  readonly reason: string;
  readonly fix: string;
}

/** Error codes of S3 (Amazon S3 API Reference, "Error responses") and of Node, each with what a person can do. */
const EXPLANATIONS: readonly (readonly [codes: readonly string[], explanation: Explanation])[] = [
  [
    ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidToken', 'ExpiredToken'],
    { reason: 'the server does not accept the credentials', fix: 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, with temporary credentials, AWS_SESSION_TOKEN.' },
  ],
  [
    ['AccessDenied', 'AllAccessDisabled'],
    { reason: 'the server denies access', fix: 'Check that the bucket is the right one, and let the keys list it and read, write and delete its objects.' },
  ],
  [['RequestTimeTooSkewed'], { reason: "this machine's clock is wrong", fix: 'Set the clock, for example by NTP.' }],
  [
    ['AuthorizationHeaderMalformed', 'PermanentRedirect', 'MovedPermanently', 'TemporaryRedirect'],
    { reason: 'the bucket is in another region', fix: "Set AWS_REGION to the bucket's region." },
  ],
  [['NoSuchBucket', 'InvalidBucketName', 'InvalidBucketNameError'], { reason: 'there is no such bucket', fix: 'Make the bucket, or correct its name in PIPEWRIGHT_STORE or S3_BUCKET; in a cluster of ours npx pipewright cluster up makes it.' }],
  [['XMinioStorageFull', 'QuotaExceeded', 'InsufficientStorage'], { reason: 'the server has no space left', fix: 'Free some space on the server or raise its quota.' }],
  [
    ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE', 'ESOCKETTIMEDOUT'],
    { reason: 'the server does not answer', fix: 'Start the server, or correct S3_ENDPOINT and its port.' },
  ],
  [['ENOTFOUND', 'EAI_AGAIN', 'InvalidEndpointError'], { reason: 'the host name is not known', fix: 'Correct S3_ENDPOINT, or check the name service.' }],
  [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    { reason: "the server's certificate is not trusted", fix: 'Name its authority in NODE_EXTRA_CA_CERTS, or renew the certificate.' },
  ],
  [['EPROTO'], { reason: 'the server does not speak TLS', fix: 'Write "http://" in S3_ENDPOINT, or give the server a certificate.' }],
];

const TRANSIENT: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict', 'NoSuchUpload'],
]);

export function isTransient(error: unknown): boolean {
  // So says the client, without a code, of the HTTP statuses 408, 429, 499, 500, 502, 503, 504 and 520.
  return TRANSIENT.has(errorCode(error) ?? '') || /Retryable HTTP status/.test(messageOf(error));
}

/** Whether an error of the store may pass by itself, as when its server is being restarted. `ask` has tried some seconds already. */
export function isPassing(error: unknown): boolean {
  return error instanceof PipewrightError && error.code === 'PW403' && isTransient(error.cause);
}

/** True of an object that is not there, whether the request was a GET (NoSuchKey) or a HEAD (NotFound). */
export function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'NoSuchKey' || errorCode(error) === 'NotFound';
}

export function isDenied(error: unknown): boolean {
  return errorCode(error) === 'AccessDenied';
}

export function isWithoutBucket(error: unknown): boolean {
  return errorCode(error) === 'NoSuchBucket';
}

export function addressOf(settings: S3Settings): string {
  const host = settings.endPoint.includes(':') ? `[${settings.endPoint}]` : settings.endPoint;
  return `${settings.useSSL ? 'https' : 'http'}://${host}${settings.port === undefined ? '' : `:${settings.port}`}`;
}

/**
 * PW403. The cause is made anew from code and message: the client's own error repeats what the server sent, which on
 * some servers includes the access key and the signature.
 */
export function explainS3Error(error: unknown, settings: S3Settings): PipewrightError {
  if (error instanceof PipewrightError) return error;
  const code = errorCode(error) ?? (error as Error | null)?.constructor.name ?? 'Error';
  const found = EXPLANATIONS.find(([codes]) => codes.includes(code))?.[1];
  const detail = withoutSecrets(`${code}: ${messageOf(error)}`, settings);
  const reason = found ? found.reason : 'the request failed';
  return new PipewrightError(
    {
      code: 'PW403',
      message: `The bucket "${settings.bucket}" at ${addressOf(settings)} cannot be used: ${reason} (${detail}).`,
      fix: found ? found.fix : 'Check that the server is an S3 server and read its log.',
    },
    { cause: Object.assign(new Error(detail), { code }) },
  );
}

function messageOf(error: unknown): string {
  // A connection that was tried on several addresses fails with an AggregateError, whose own message is empty.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return first instanceof Error ? first.message.trim().replace(/\.$/, '') : String(first);
}

function withoutSecrets(text: string, settings: S3Settings): string {
  const secrets = [settings.secretKey, settings.accessKey, settings.sessionToken ?? ''].filter((secret) => secret !== '');
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '…'), text);
}
