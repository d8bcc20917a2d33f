import { randomBytes } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import type { Cluster } from '../cluster-run/connect.ts';

/**
 * One user of MinIO for each purpose, with the policy of the same name (manifests/cluster/minio/policies). Its key is
 * kept in `minio-user-<name>` of the namespace `minio`, from which the setup makes the user, and in the Secret of
 * whoever uses it.
 */
const USERS: readonly { readonly name: string; readonly namespace: string; readonly secret: string; readonly data: (key: string) => Readonly<Record<string, string>> }[] = [
  { name: 'argo-artifacts', namespace: 'pipewright', secret: 'argo-artifacts', data: (key) => ({ accessKey: 'argo-artifacts', secretKey: key }) },
  { name: 'pipewright-step', namespace: 'pipewright', secret: 'pipewright-environment', data: (key) => storeOf('pipewright-step', key) },
  {
    name: 'pipewright-deploy', namespace: 'pipewright', secret: 'pipewright-deploy-environment',
    data: (key) => ({ ...storeOf('pipewright-deploy', key), PIPEWRIGHT_SERVING_NAMESPACE: 'pipewright-models', PIPEWRIGHT_GATEWAY_URL: 'http://pipewright-gateway.envoy-gateway-system.svc' }),
  },
  { name: 'pipewright-server', namespace: 'pipewright-models', secret: 'pipewright-server-environment', data: (key) => storeOf('pipewright-server', key) },
];

function storeOf(user: string, key: string): Readonly<Record<string, string>> {
  return { PIPEWRIGHT_STORE: 's3://pipewright', S3_ENDPOINT: 'http://minio.minio.svc:9000', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: user, AWS_SECRET_ACCESS_KEY: key };
}

/**
 * Makes the Secrets that are missing, with random keys that exist in the cluster alone; never changes one.
 * Returns the names of those that it made, as `namespace/name`.
 */
export async function makeMissingSecrets(cluster: Cluster): Promise<readonly string[]> {
  const made: string[] = [];
  const ensure = async (namespace: string, name: string, data: () => Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> => {
    const found = await cluster.find(`read the Secret ${namespace}/${name}`, () => cluster.core.readNamespacedSecret({ namespace, name }));
    if (found !== undefined) return decode(found);
    const stringData = data();
    const body = { metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'pipewright' } }, stringData };
    await cluster.ask(`create the Secret ${namespace}/${name}`, () => cluster.core.createNamespacedSecret({ namespace, body }));
    made.push(`${namespace}/${name}`);
    return stringData;
  };
  await ensure('minio', 'minio-root', () => ({ accessKey: 'root', secretKey: newKey() }));
  for (const { name, namespace, secret, data } of USERS) {
    const user = await ensure('minio', `minio-user-${name}`, () => ({ accessKey: name, secretKey: newKey() }));
    await ensure(namespace, secret, () => data(user['secretKey']!));
  }
  return made;
}

function newKey(): string {
  return randomBytes(24).toString('hex');
}

function decode({ data = {} }: V1Secret): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(data).map(([name, text]) => [name, Buffer.from(text, 'base64').toString('utf8')]));
}
