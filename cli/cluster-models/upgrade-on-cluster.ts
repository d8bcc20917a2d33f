import { PipewrightError } from '../../dsl/errors/index.ts';
import { createBundler } from '../../dsl/local/index.ts';
import { decodeModel } from '../../model/document/index.ts';
import { openRegistry, readModelFiles, servedVersion } from '../../registry/index.ts';
import { chooseServers, DEFAULT_PLACE, openApi, openNamespace, rollOut, SERVED_ALIAS, type Kubernetes, type Ledger } from '../../serving/cluster/index.ts';
import { openClusterStore, REGISTRY_SECRET } from '../cluster-run/cluster-store.ts';
import { connect } from '../cluster-run/connect.ts';
import { imageName } from '../start/image-name.ts';
import { SERVING } from '../start/serving-program.ts';
import { accessOf } from './access.ts';
import { gatewayOf, servingNamespace, type ClusterPlaceOptions } from './serving-place.ts';

export interface UpgradeOptions extends ClusterPlaceOptions {
  /** Of the model server; default: what `pipewright images` builds of the present code. */
  readonly image?: string;
  readonly registry?: string;
  /** Of all runs, which keeps the bundles. */
  readonly folder: string;
}

export interface Upgraded {
  readonly version: number;
  /** Undefined where it had no servers. */
  readonly from: string | undefined;
  readonly to: string;
}

/**
 * Exchanges the servers of the version that answers for those of another image, with the same model: one of the new ones
 * proves itself beside them first. The ledger has nothing to do with it. PW603 when they are no good; then the old ones
 * answer on.
 */
export async function upgradeOnCluster(model: string, options: UpgradeOptions, log: (line: string) => void, signal: AbortSignal): Promise<Upgraded> {
  const cluster = await connect(options);
  const gateway = await gatewayOf(cluster, options);
  const image = options.image ?? imageName(SERVING.image, { digest: await createBundler({ folder: options.folder }).codeOf(SERVING), registry: options.registry });
  await using opened = await openClusterStore(cluster, REGISTRY_SECRET);
  const registry = openRegistry(opened.store);
  const version = servedVersion(await registry.ledger(model), SERVED_ALIAS);
  if (version === undefined) throw new PipewrightError({ code: 'PW412', message: `No version of ${model} is served: ${SERVED_ALIAS} points nowhere.`, fix: 'Run the pipeline there; its step deploy brings servers of the present image up.' });
  const place = { ...DEFAULT_PLACE, namespace: await servingNamespace(cluster), image };
  const api = openApi(await accessOf(cluster.config));
  const open = (until: AbortSignal): Kubernetes => openNamespace(api, place.namespace, until);
  const kubernetes = open(signal);
  const from = await (await chooseServers(kubernetes, model, place)).imageOf(version);
  const isPromoted = async (): Promise<boolean> => (await registry.resolveAlias(model, SERVED_ALIAS)) === version;
  const demand = (): Promise<void> => registry.demandAlias(model, SERVED_ALIAS, version);
  const ledger: Ledger = { demand, promote: demand, isPromoted, finish: async () => undefined, takeBack: async () => undefined };
  const { artifact } = await registry.readVersion(model, version);
  const { document } = decodeModel(await readModelFiles(opened.store, artifact.digest));
  await rollOut({ connect: open, place, served: { model, version }, document, gateway, ledger, log, signal });
  return { version, from, to: image };
}
