/**
 * What a step must declare in its `environment` to reach the store: where it is, and for S3 how to get in. The runner
 * passes no other variables on. See store/s3-settings.ts.
 */
export const STORE_VARIABLES = ['PIPEWRIGHT_STORE', 'S3_ENDPOINT', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION'] as const;
