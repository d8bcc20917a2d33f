import { defineContainerStep, pipeline, t } from '../../../dsl/index.ts';
import { labour } from './contract.ts';
import { FULL_STORE } from './full-store.ts';

/* Pipelines that something is done to while they run, or that bring their trouble with them. */

const params = { label: t.string(), seconds: t.number({ default: 0 }), mode: t.enum(['work', 'memory', 'disk', 'refuse'], { default: 'work' }) };

/** Three steps, each of which needs what the one before wrote. */
export default pipeline('pwf-chain', { params }, ({ params: { label, seconds, mode }, task }) => {
  const first = task(labour, { label }, { name: 'first' });
  const second = task(labour, { label, seconds, mode, before: first.note }, { name: 'second' });
  task(labour, { label, before: second.note }, { name: 'third' });
});

/** Its steps are tried again. */
export const patient = pipeline('pwf-patient', { params }, ({ params: { label, seconds, mode }, task }) => {
  const first = task(labour, { label, seconds, mode }, { name: 'first', retry: { limit: 3, wait: '2s' } });
  task(labour, { label, before: first.note }, { name: 'second', retry: { limit: 3, wait: '2s' } });
});

/** Has less time than it takes. */
export const hasty = pipeline('pwf-hasty', { params }, ({ params: { label, seconds }, task }) => {
  task(labour, { label, seconds }, { name: 'only', timeout: '8s' });
});

/** What it writes to goes over the share that its pod has. */
export const cramped = pipeline('pwf-cramped', { params }, ({ params: { label, mode }, task }) => {
  task(labour, { label, mode }, { name: 'only', pod: { volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '20Mi' } }] } });
});

const stranger = defineContainerStep({ name: 'stranger', image: 'pipewright/stranger:000000000000', command: () => ['true'] });
const giant = defineContainerStep({ name: 'giant', image: process.env['PIPEWRIGHT_TEST_IMAGE'] ?? 'localhost/rig/step:1', command: () => ['true'], resources: { memory: '900Gi' } });

export const strange = pipeline('pwf-strange', {}, ({ task }) => {
  task(stranger, {});
});
export const gigantic = pipeline('pwf-gigantic', {}, ({ task }) => {
  task(giant, {});
});

/** The same step with another way to the store: other variables of its pod, and nobody else's. */
const elsewhere = (name: string, variables: Readonly<Record<string, string | { readonly secretKeyRef: { readonly name: string; readonly key: string } }>>) =>
  pipeline(name, { params: { label: t.string() } }, ({ params: { label }, task }) => {
    const env = Object.entries(variables).map(([name, value]) => (typeof value === 'string' ? { name, value, valueFrom: null } : { name, value: null, valueFrom: value }));
    task(labour, { label }, { name: 'only', pod: { containers: [{ name: 'main', env }] } as never });
  });

export const bucketless = elsewhere('pwf-bucketless', { PIPEWRIGHT_STORE: 's3://there-is-no-such-bucket' });
export const keyless = elsewhere('pwf-keyless', { AWS_SECRET_ACCESS_KEY: 'not-the-right-key' });
export const storeless = elsewhere('pwf-storeless', { S3_ENDPOINT: 'http://minio.minio.svc:9' });
/** A server whose disk is full, and Argo's artifacts go there too. */
export const storeFull = elsewhere('pwf-store-full', {
  S3_ENDPOINT: FULL_STORE, AWS_ACCESS_KEY_ID: { secretKeyRef: { name: 'argo-artifacts', key: 'accessKey' } }, AWS_SECRET_ACCESS_KEY: { secretKeyRef: { name: 'argo-artifacts', key: 'secretKey' } },
});
