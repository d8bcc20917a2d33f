import { PipewrightError } from '../../dsl/errors/index.ts';
import { DEFAULT_PLACE } from '../../serving/cluster/index.ts';
import { REGISTRY_SECRET } from '../cluster-run/cluster-store.ts';
import type { Cluster } from '../cluster-run/connect.ts';
import { readKindCluster } from '../cluster/kind-cluster.ts';

/** Where what is done by hand is carried out. */
export interface ClusterPlaceOptions {
  readonly context?: string;
  /** Of the workflows; the Secret there says where models are served. */
  readonly namespace: string;
  /** Address of the cluster's gateway, as seen from here; that of kind-config.yaml for the cluster on this machine. */
  readonly gateway?: string;
}

/** The proof must go through this cluster's gateway: the one on this machine may have the same model, and be another. */
export async function gatewayOf({ context }: Cluster, place: ClusterPlaceOptions): Promise<string> {
  if (place.gateway !== undefined) return place.gateway.replace(/\/+$/, '');
  const kind = await readKindCluster();
  if (context === kind.context) return `http://${kind.gateway.host}:${kind.gateway.port}`;
  throw new PipewrightError({ code: 'PW901', message: `The gateway of the cluster "${context}" is not known here.`, fix: 'Give its address with --gateway, so that what answers can be looked at.' });
}

/** Where the step deploy serves. */
export async function servingNamespace(cluster: Cluster): Promise<string> {
  const secret = await cluster.find(`read the Secret ${REGISTRY_SECRET}`, () => cluster.core.readNamespacedSecret({ name: REGISTRY_SECRET, namespace: cluster.namespace }));
  const written = secret?.data?.['PIPEWRIGHT_SERVING_NAMESPACE'];
  return written === undefined ? DEFAULT_PLACE.namespace : Buffer.from(written, 'base64').toString('utf8');
}
