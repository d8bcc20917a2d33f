/*
 * What a pod tells the harness of a TypeScript step, beyond its command line. All of it is about where the step runs, so
 * none of it is in a fingerprint. A runner on a laptop sets none of them: there the runner itself asks the cache.
 */
export const CLUSTER_VARIABLES = {
  /** The workflow's name. */
  run: 'PIPEWRIGHT_RUN',
  /** The task's name in the pipeline. Where it is set, the harness itself asks the cache of the store. */
  task: 'PIPEWRIGHT_TASK',
  /** In loops, which item this is, outermost first: `000003/000001`. */
  items: 'PIPEWRIGHT_ITEM',
  /** `off` where the author said `cache: false`. */
  cache: 'PIPEWRIGHT_CACHE',
  /** The path of the file into which the harness writes what it did; see steps/runtime/step-record.ts. */
  record: 'PIPEWRIGHT_RECORD',
} as const;

/** The output parameter that carries that file; no result of an author begins with `_`. */
export const STEP_RECORD = '_record';

/** Variables that say where the store is, and those that let a program in; see store/s3-settings.ts. */
export const STORE_VARIABLES = ['PIPEWRIGHT_STORE', 'S3_ENDPOINT', 'AWS_REGION'] as const;
export const STORE_SECRETS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
