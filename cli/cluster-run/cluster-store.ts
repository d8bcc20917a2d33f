import { createServer, type Server, type Socket } from 'node:net';
import { PortForward, type KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import type { Cluster } from './connect.ts';

/** The Secret with what steps need to reach the store; its keys are names of variables. Who moves an alias needs that of the step deploy, which may. */
const SECRET = 'pipewright-environment';
export const REGISTRY_SECRET = 'pipewright-deploy-environment';

export interface ClusterStore extends AsyncDisposable {
  readonly store: Store;
}

/**
 * Opens the store of the cluster from this machine: location and keys from the Secret that the steps have them from, the
 * way there by port-forward where the server is a Service of the cluster. Nothing of the keys is printed or written down.
 * PW310 when there is no such Secret or no pod behind the Service, PW403 when the store cannot be used.
 */
export async function openClusterStore(cluster: Cluster, name: string = SECRET): Promise<ClusterStore> {
  const { core, namespace } = cluster;
  const secret = await cluster.find(`read the Secret ${name}`, () => core.readNamespacedSecret({ name, namespace }));
  if (secret === undefined) {
    throw new PipewrightError({ code: 'PW310', message: `The namespace ${namespace} has no Secret "${name}" that says where the store is.`, fix: 'Install what pipelines need: npm run cluster:up. Or name another namespace with --namespace.' });
  }
  const variables = Object.fromEntries(Object.entries(secret.data ?? {}).map(([name, value]) => [name, Buffer.from(value, 'base64').toString('utf8')]));
  const location = variables['PIPEWRIGHT_STORE'];
  if (location === undefined) throw new PipewrightError({ code: 'PW310', message: `The Secret "${name}" in ${namespace} has no PIPEWRIGHT_STORE.`, fix: 'Add it, such as s3://pipewright, or install again with npm run cluster:up.' });
  const forward = await forwardTo(cluster, variables['S3_ENDPOINT'] ?? '');
  try {
    const store = await openStore(location, { ...variables, ...(forward === undefined ? {} : { S3_ENDPOINT: forward.address }) });
    return { store, [Symbol.asyncDispose]: async () => forward?.close() };
  } catch (error) {
    await forward?.close();
    throw error;
  }
}

interface Forward {
  readonly address: string;
  close(): Promise<void>;
}

/** `http://minio.minio.svc:9000`: service, namespace. Undefined for a server outside, which needs no way in. */
export function serviceIn(endpoint: string): { readonly service: string; readonly namespace: string; readonly port: number; readonly scheme: string } | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  const match = /^([a-z0-9-]+)\.([a-z0-9-]+)(?:\.svc(?:\.cluster\.local)?)?$/.exec(url.hostname);
  // Two words and no `svc` may also be a domain: only a port other than that of the web tells a Service then.
  if (match === null || (!url.hostname.includes('.svc') && url.port === '')) return undefined;
  return { service: match[1]!, namespace: match[2]!, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)), scheme: url.protocol };
}

async function forwardTo(cluster: Cluster, endpoint: string): Promise<Forward | undefined> {
  const target = serviceIn(endpoint);
  if (target === undefined) return undefined;
  const { service: name, namespace, port } = target;
  const service = await cluster.find(`read the Service ${name}`, () => cluster.core.readNamespacedService({ name, namespace }));
  if (service === undefined) return undefined;
  const labelSelector = Object.entries(service.spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
  const pods = await cluster.ask(`list the pods of the Service ${name}`, () => cluster.core.listNamespacedPod({ namespace, labelSelector }));
  const pod = pods.items.find(isReady);
  if (pod === undefined) {
    throw new PipewrightError({
      code: 'PW403', message: `The store does not answer: no pod of the Service ${namespace}/${name} is ready${pods.items.length === 0 ? ', there is none at all' : ''}.`, fix: `Look at it: kubectl -n ${namespace} get pods, kubectl -n ${namespace} describe pods.`,
    });
  }
  const wanted = service.spec?.ports?.find((one) => one.port === port)?.targetPort ?? port;
  const number = typeof wanted === 'number' ? wanted : pod.spec?.containers.flatMap(({ ports }) => ports ?? []).find((one) => one.name === wanted)?.containerPort ?? port;
  return listen(cluster.config, namespace, pod.metadata!.name!, number, target.scheme);
}

function isReady({ status, metadata }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && status?.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True') === true;
}

/** A port of this machine, for this user's programs only, behind which is the pod's. */
async function listen(config: KubeConfig, namespace: string, pod: string, port: number, scheme: string): Promise<Forward> {
  const forward = new PortForward(config);
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy());
    // What is sent before the way is open waits in the socket.
    socket.pause();
    forward.portForward(namespace, pod, [port], socket, null, socket).then(
      (connection) => {
        const way = typeof connection === 'function' ? connection() : connection;
        if (way !== null && 'onclose' in way) way.onclose = () => socket.end();
        socket.once('close', () => way?.close());
        socket.resume();
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as { readonly port: number };
  return {
    address: `${scheme}//127.0.0.1:${own}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
