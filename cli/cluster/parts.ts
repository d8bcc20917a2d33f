import { get } from 'node:http';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { Cluster } from '../cluster-run/connect.ts';
import { explainPods } from './explain-pods.ts';

/** How one part of the installation is. */
export type Health = { readonly kind: 'ready' } | { readonly kind: 'not ready'; readonly why: string };

/** One thing of the installation that is waited for. */
export interface Part {
  /** As a person calls it. */
  readonly title: string;
  /** `namespace/name`. */
  readonly where: string;
  readonly examine: (cluster: Cluster) => Promise<Health>;
}

const READY: Health = { kind: 'ready' };

/** In the order in which they get ready. `gateway` is the address on this machine, if there is one. */
export function partsOf(gateway?: { readonly host: string; readonly port: number }): readonly Part[] {
  return [
    deployment('Argo workflow controller', 'argo', 'workflow-controller', 'app=workflow-controller'),
    deployment('MinIO', 'minio', 'minio', 'app=minio'),
    job('buckets, users and policies of MinIO', 'minio', 'minio-setup'),
    job('certificates of the gateway', 'envoy-gateway-system', 'pipewright-gateway-helm-certgen'),
    deployment('Envoy Gateway', 'envoy-gateway-system', 'envoy-gateway', 'control-plane=envoy-gateway'),
    deployment('Envoy', 'envoy-gateway-system', 'pipewright-gateway', 'gateway.envoyproxy.io/owning-gateway-name=pipewright'),
    gatewayPart(),
    ...(gateway === undefined ? [] : [answering(gateway)]),
  ];
}

function deployment(title: string, namespace: string, name: string, labelSelector: string): Part {
  return {
    title,
    where: `${namespace}/${name}`,
    examine: async (cluster) => {
      const found = await cluster.find(`read the Deployment ${namespace}/${name}`, () => appsOf(cluster).then((apps) => apps.readNamespacedDeployment({ namespace, name })));
      if (found === undefined) return notReady('it is not there yet');
      const wanted = found.spec?.replicas ?? 1;
      const { updatedReplicas = 0, availableReplicas = 0, replicas = 0, observedGeneration = 0 } = found.status ?? {};
      if (observedGeneration >= (found.metadata?.generation ?? 0) && updatedReplicas >= wanted && availableReplicas >= wanted && replicas === updatedReplicas) return READY;
      const refused = found.status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
      return notReady(refused?.message ?? explainPods(await podsOf(cluster, namespace, labelSelector)));
    },
  };
}

function job(title: string, namespace: string, name: string): Part {
  return {
    title,
    where: `${namespace}/${name}`,
    examine: async (cluster) => {
      const { BatchV1Api } = await import('@kubernetes/client-node');
      const found = await cluster.find(`read the Job ${namespace}/${name}`, () => cluster.config.makeApiClient(BatchV1Api).readNamespacedJob({ namespace, name }));
      if (found === undefined) return notReady('it is not there yet');
      if (hasCondition(found, 'Complete')) return READY;
      const pods = await podsOf(cluster, namespace, `job-name=${name}`);
      if (hasCondition(found, 'Failed')) return notReady(`it failed: ${explainPods(pods)}; kubectl -n ${namespace} logs job/${name} says more`);
      return notReady(explainPods(pods));
    },
  };
}

export function hasCondition({ status }: V1Job, wanted: string): boolean {
  return status?.conditions?.some((condition) => condition.type === wanted && condition.status === 'True') === true;
}

function gatewayPart(): Part {
  const [namespace, name] = ['pipewright-models', 'pipewright'];
  return {
    title: 'Gateway',
    where: `${namespace}/${name}`,
    examine: async (cluster) => {
      const found = (await cluster.find(`read the Gateway ${namespace}/${name}`, () =>
        cluster.custom.getNamespacedCustomObject({ group: 'gateway.networking.k8s.io', version: 'v1', namespace, plural: 'gateways', name }))) as { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[] } } | undefined;
      if (found === undefined) return notReady('it is not there yet');
      const condition = found.status?.conditions?.find(({ type }) => type === 'Programmed');
      return condition?.status === 'True' ? READY : notReady(condition?.message ?? 'Envoy Gateway has not looked at it yet');
    },
  };
}

/**
 * Any answer counts: without a model, the gateway answers 404. Each time over a connection of its own, and not by `fetch`:
 * while nothing stands behind the port it is taken and dropped again and again, and `fetch` then waits without an end.
 */
function answering({ host, port }: { readonly host: string; readonly port: number }): Part {
  const address = `http://${host}:${port}`;
  return {
    title: 'the gateway on this machine',
    where: address,
    examine: () =>
      new Promise((resolve) => {
        const request = get(address, { agent: false, timeout: 3000 }, (response) => {
          response.resume();
          resolve(READY);
        });
        request.on('timeout', () => request.destroy(new Error('no answer within 3 s')));
        request.on('error', (error: NodeJS.ErrnoException) => resolve(notReady(`it does not answer (${error.code ?? error.message})`)));
      }),
  };
}

async function podsOf(cluster: Cluster, namespace: string, labelSelector: string): Promise<readonly V1Pod[]> {
  return (await cluster.ask(`list the pods of ${namespace}`, () => cluster.core.listNamespacedPod({ namespace, labelSelector }))).items;
}

function notReady(why: string): Health {
  return { kind: 'not ready', why: why.replace(/\.$/, '') };
}

async function appsOf({ config }: Cluster) {
  const { AppsV1Api } = await import('@kubernetes/client-node');
  return config.makeApiClient(AppsV1Api);
}
