import { PipewrightError, type Issue } from '../dsl/errors/index.ts';

/** How to reach a bucket. The names of the first three are those of the minio client. */
export interface S3Settings {
  /** Host name or address, without scheme and port. */
  readonly endPoint: string;
  /** Default: 443 with TLS, else 80. */
  readonly port?: number;
  readonly useSSL: boolean;
  readonly bucket: string;
  /** Folders inside the bucket, without a slash at either end. */
  readonly prefix?: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Only with temporary credentials. */
  readonly sessionToken?: string;
  /** Without it the server is asked once. */
  readonly region?: string;
  /** How long a request may wait for its answer, in milliseconds. Default: 60,000. */
  readonly answerTimeoutMs?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads S3_ENDPOINT (a URL; default: Amazon's), S3_BUCKET, S3_PREFIX, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
 * AWS_SESSION_TOKEN and AWS_REGION. Throws PW403 with everything that is missing or wrong at once.
 */
export function s3SettingsFromEnvironment(environment: Environment): S3Settings {
  const issues: Issue[] = [];
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) {
      const message = `The environment variable ${name} is not set, so the S3 store cannot be used.`;
      issues.push({ code: 'PW403', message, fix: `Set ${name}.` });
    }
    return value ?? '';
  };

  const bucket = required('S3_BUCKET');
  const accessKey = required('AWS_ACCESS_KEY_ID');
  const secretKey = required('AWS_SECRET_ACCESS_KEY');
  const endpoint = parseEndpoint(environment['S3_ENDPOINT'] || 'https://s3.amazonaws.com', issues);
  const prefix = (environment['S3_PREFIX'] ?? '').replace(/^\/+|\/+$/g, '');
  if (prefix.split('/').some((segment) => segment === '.' || segment === '..') || prefix.includes('//')) {
    issues.push({ code: 'PW403', message: `The prefix "${prefix}" in the bucket has an empty or relative segment.`, fix: 'Write plain folder names with "/" between them.' });
  }
  if (issues.length > 0 || endpoint === undefined) throw new PipewrightError(issues);

  const sessionToken = environment['AWS_SESSION_TOKEN'];
  const region = environment['AWS_REGION'];
  return {
    ...endpoint,
    bucket,
    ...(prefix ? { prefix } : {}),
    accessKey,
    secretKey,
    ...(sessionToken ? { sessionToken } : {}),
    ...(region ? { region } : {}),
  };
}

function parseEndpoint(text: string, issues: Issue[]): Pick<S3Settings, 'endPoint' | 'port' | 'useSSL'> | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.username || url.password)) {
    // The text is not repeated: it holds a password.
    issues.push({
      code: 'PW403',
      message: 'S3_ENDPOINT holds a user name or password.',
      fix: 'Write the address alone and put the keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    });
    return undefined;
  }
  const plain = url && (url.protocol === 'http:' || url.protocol === 'https:') && url.pathname === '/' && !url.search && !url.hash;
  if (!plain) {
    issues.push({
      code: 'PW403',
      message: `S3_ENDPOINT is "${text}", which is not the address of a server.`,
      fix: 'Write "http://" or "https://", a host name and, if need be, a port, for example http://minio:9000. Bucket and prefix have their own variables.',
    });
    return undefined;
  }
  // The minio client wants an IPv6 address without its brackets.
  const endPoint = url.hostname.replace(/^\[|\]$/g, '');
  return { endPoint, useSSL: url.protocol === 'https:', ...(url.port ? { port: Number(url.port) } : {}) };
}
