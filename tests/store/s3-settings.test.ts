import { describe, expect, it } from 'vitest';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { s3SettingsFromEnvironment, type Environment } from '../../store/s3-settings.ts';

const keys = { S3_BUCKET: 'models', AWS_ACCESS_KEY_ID: 'reader', AWS_SECRET_ACCESS_KEY: 'hush' };

describe('settings from the environment', () => {
  it.each([
    ['http://minio:9000', { endPoint: 'minio', port: 9000, useSSL: false }],
    ['https://s3.example.org', { endPoint: 's3.example.org', useSSL: true }],
    ['http://127.0.0.1:9000/', { endPoint: '127.0.0.1', port: 9000, useSSL: false }],
    ['http://[::1]:9000', { endPoint: '::1', port: 9000, useSSL: false }],
    [undefined, { endPoint: 's3.amazonaws.com', useSSL: true }],
  ])('reads the endpoint %s', (endpoint, expected) => {
    expect(s3SettingsFromEnvironment({ ...keys, S3_ENDPOINT: endpoint })).toEqual({ ...expected, bucket: 'models', accessKey: 'reader', secretKey: 'hush' });
  });

  it('reads prefix, region and session token', () => {
    const more = { S3_PREFIX: '/team/a/', AWS_REGION: 'eu-central-1', AWS_SESSION_TOKEN: 'token' };
    expect(s3SettingsFromEnvironment({ ...keys, ...more })).toMatchObject({ prefix: 'team/a', region: 'eu-central-1', sessionToken: 'token' });
  });

  it('names all that is missing at once', () => {
    expect(issuesOf({}).map((issue) => issue.fix)).toEqual(['Set S3_BUCKET.', 'Set AWS_ACCESS_KEY_ID.', 'Set AWS_SECRET_ACCESS_KEY.']);
    expect(issuesOf({ ...keys, AWS_SECRET_ACCESS_KEY: '' })).toHaveLength(1);
  });

  it.each(['minio:9000', 'ftp://minio', 'http://minio:9000/bucket', 'nonsense', 'http://minio/?a=1'])('refuses the endpoint %s', (endpoint) => {
    const [issue] = issuesOf({ ...keys, S3_ENDPOINT: endpoint });
    expect(issue!.message).toContain(endpoint);
    expect(issue!.fix).toContain('http://minio:9000');
  });

  it('refuses keys inside the endpoint without repeating them', () => {
    const [issue] = issuesOf({ ...keys, S3_ENDPOINT: 'http://root:opensesame@minio:9000' });
    expect(issue!.message).toContain('holds a user name or password');
    expect(JSON.stringify(issue)).not.toContain('opensesame');
  });

  it.each(['a/../b', 'a//b', '.'])('refuses the prefix %s', (prefix) => {
    expect(issuesOf({ ...keys, S3_PREFIX: prefix })[0]!.message).toContain(prefix);
  });
});

function issuesOf(environment: Environment): PipewrightError['issues'] {
  try {
    s3SettingsFromEnvironment(environment);
  } catch (error) {
    expect(error).toMatchObject({ code: 'PW403' });
    return (error as PipewrightError).issues;
  }
  throw new Error('accepted');
}
