import { join } from 'node:path';
import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Cluster } from '../cluster-run/connect.ts';
import { hasCondition } from './parts.ts';
import { lastWords, PROJECT, run, runWell } from './programs.ts';
import { makeMissingSecrets } from './secrets.ts';

const FOLDER = join(PROJECT, 'manifests/cluster');
const FIX = 'Mend what kubectl names. Where another tool owns a field, give it up there, or install that part with it.';
const JOBS = [
  { namespace: 'minio', name: 'minio-setup' },
  { namespace: 'envoy-gateway-system', name: 'pipewright-gateway-helm-certgen' },
] as const;

/**
 * Installs manifests/cluster, or brings it up to date: the kinds first, then namespaces, the Secrets that are missing,
 * and all the rest. Throws PW905 with what kubectl said.
 */
export async function install(cluster: Cluster, say: (line: string) => void): Promise<void> {
  const kubectl = (...words: readonly string[]): Promise<string> => runWell('kubectl', ['--context', cluster.context, ...words], FIX);
  const apply = (...words: readonly string[]): Promise<string> => kubectl('apply', '--server-side', ...words);
  await waitForApiServer(cluster);

  say('installing the kinds of Argo Workflows and the gateway');
  await apply('-k', join(FOLDER, 'crds'));
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
  await apply('-f', join(FOLDER, 'namespaces.yaml'));
  const made = await makeMissingSecrets(cluster);
  if (made.length > 0) say(`made with random keys: ${made.join(', ')}`);

  say('installing manifests/cluster');
  const before = await setupVersion(cluster);
  await removeFailedJobs(cluster);
  const words = ['apply', '--server-side', '-k', FOLDER];
  const first = await run('kubectl', ['--context', cluster.context, ...words]);
  if (first.code !== 0) {
    // A Job cannot be changed. Both may run any number of times, so a new release takes the place of the old one.
    if (!/field is immutable/.test(first.complaints)) throw new PipewrightError({ code: 'PW905', message: `kubectl ${words.join(' ')} ended with code ${first.code}: ${lastWords(first.complaints)}`, fix: FIX });
    for (const job of JOBS) await removeJob(cluster, job);
    await kubectl(...words);
  } else if (before !== undefined && ((await hasNewKeys(cluster)) || before !== (await setupVersion(cluster)))) {
    // New policies or keys take effect when the setup runs again.
    await removeJob(cluster, JOBS[0]);
    await kubectl(...words);
  }
}

/** After the start of a node the API server needs a moment. */
async function waitForApiServer(cluster: Cluster): Promise<void> {
  await runWell('kubectl', ['--context', cluster.context, 'wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=120s'], 'See that the context is right and the cluster runs: kubectl get nodes.');
}

/** Changes when the scripts and policies of MinIO's setup do. */
async function setupVersion({ core, find }: Cluster): Promise<string | undefined> {
  const found = await find('read the ConfigMap minio/minio-setup', () => core.readNamespacedConfigMap({ namespace: 'minio', name: 'minio-setup' }));
  return found?.metadata?.resourceVersion;
}

/** Whether a key of MinIO is younger than the last setup, whoever made it: an installation may have been cut short in between. */
async function hasNewKeys(cluster: Cluster): Promise<boolean> {
  const batch = await batchOf(cluster);
  const done = (await cluster.find('read the Job minio/minio-setup', () => batch.readNamespacedJob(JOBS[0])))?.status?.completionTime;
  if (done === undefined) return false;
  const { items } = await cluster.ask('list the Secrets of minio', () => cluster.core.listNamespacedSecret({ namespace: 'minio' }));
  return items.some(({ metadata }) => metadata!.name!.startsWith('minio-user-') && metadata!.creationTimestamp! > done);
}

async function removeFailedJobs(cluster: Cluster): Promise<void> {
  const batch = await batchOf(cluster);
  for (const job of JOBS) {
    const found = await cluster.find(`read the Job ${job.namespace}/${job.name}`, () => batch.readNamespacedJob(job));
    if (found !== undefined && hasCondition(found, 'Failed')) await removeJob(cluster, job);
  }
}

async function removeJob(cluster: Cluster, job: (typeof JOBS)[number]): Promise<void> {
  const batch = await batchOf(cluster);
  await cluster.find(`remove the Job ${job.namespace}/${job.name}`, () => batch.deleteNamespacedJob({ ...job, propagationPolicy: 'Background' }));
}

async function batchOf({ config }: Cluster) {
  const { BatchV1Api } = await import('@kubernetes/client-node');
  return config.makeApiClient(BatchV1Api);
}
