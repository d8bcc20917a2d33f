import type { ApiAccess, Kubernetes, Ledger, RolledOut, ServingPlace } from '../../serving/cluster/index.ts';
import type { ModelDocument } from '../../model/document/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { SERVED_ALIAS } from '../../serving/cluster/place.ts';
import type { SERVING_VARIABLES } from './contract.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A cluster that this step may change. */
export interface Cluster {
  readonly access: ApiAccess;
  readonly place: ServingPlace;
  readonly gateway: string;
}

/**
 * The cluster to serve on: in a pod with a service account's token and with the variables that say where. Undefined
 * anywhere else, and for an alias that gets no requests: it is moved and nothing else. PW501 when only some of them are there.
 */
export async function findCluster(environment: Environment, alias: string): Promise<Cluster | undefined> {
  if (alias !== SERVED_ALIAS) return undefined;
  const variable = (name: (typeof SERVING_VARIABLES)[number]): string | undefined => environment[name] || undefined;
  const namespace = variable('PIPEWRIGHT_SERVING_NAMESPACE');
  if (namespace === undefined) return undefined;
  const { accessFromPod, DEFAULT_PLACE } = await import('../../serving/cluster/index.ts');
  const access = accessFromPod(process.env);
  const gateway = variable('PIPEWRIGHT_GATEWAY_URL');
  const image = variable('PIPEWRIGHT_SERVING_IMAGE');
  const missing = [...(access === undefined ? ['a service account\'s token'] : []), ...(gateway === undefined ? ['PIPEWRIGHT_GATEWAY_URL'] : []), ...(image === undefined ? ['PIPEWRIGHT_SERVING_IMAGE'] : [])];
  if (access === undefined || gateway === undefined || image === undefined) {
    throw new PipewrightError({
      code: 'PW501',
      message: `PIPEWRIGHT_SERVING_NAMESPACE is ${namespace}, so the model is to be served on the cluster, but the pod has no ${missing.join(' and no ')}.`,
      fix: 'Apply manifests/cluster, which sets up the account and its variables, and compile with --images tagged, which names the server\'s image.',
    });
  }
  return { access, place: { ...DEFAULT_PLACE, namespace, image }, gateway };
}

export interface ClusterDeployment {
  readonly model: string;
  readonly version: number;
  readonly document: ModelDocument;
  readonly ledger: Ledger;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Gives a registered version the requests. See `rollOut`. */
export async function rollOutOn(cluster: Cluster, { model, version, document, ledger, log, signal }: ClusterDeployment): Promise<RolledOut> {
  const { rollOut } = await import('../../serving/cluster/index.ts');
  const connect = await connectTo(cluster);
  return rollOut({ connect, place: cluster.place, gateway: cluster.gateway, served: { model, version }, document, ledger, log, signal });
}

/** Why a version that should be served is not, as a clause; undefined when it is. */
export async function whyNotServed(cluster: Cluster, model: string, version: number, signal: AbortSignal): Promise<string | undefined> {
  const { chooseServers, whyNotStanding } = await import('../../serving/cluster/index.ts');
  const kubernetes = (await connectTo(cluster))(signal);
  return whyNotStanding(kubernetes, await chooseServers(kubernetes, model, cluster.place), model, version);
}

async function connectTo({ access, place }: Cluster): Promise<(signal: AbortSignal) => Kubernetes> {
  const { openApi, openNamespace } = await import('../../serving/cluster/index.ts');
  const api = openApi(access);
  return (signal) => openNamespace(api, place.namespace, signal);
}
