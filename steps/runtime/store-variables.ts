/**
 * What a step must declare to reach the store: where it is (`environment`, so part of the fingerprint: another store is
 * another registry), and how to get in (`secrets`). The runner passes no other variables on. See store/s3-settings.ts.
 */
export const STORE_VARIABLES = ['PIPEWRIGHT_STORE', 'S3_ENDPOINT', 'AWS_REGION'] as const;
export const STORE_SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
