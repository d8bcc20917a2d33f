import { PipewrightError } from '../../dsl/errors/index.ts';
import { decodeModel } from '../../model/document/index.ts';
import { earlierVersions, finishRollout, openRegistry, readModelFiles, ROLLOUT_FAILED, type LedgerEntry, type Registry } from '../../registry/index.ts';
import { answering, chooseServers, DEFAULT_PLACE, openApi, openNamespace, readTraffic, rollOut, SERVED_ALIAS, type Kubernetes, type Ledger } from '../../serving/cluster/index.ts';
import { openClusterStore, REGISTRY_SECRET } from '../cluster-run/cluster-store.ts';
import { connect } from '../cluster-run/connect.ts';
import { accessOf } from './access.ts';
import { gatewayOf, servingNamespace, type ClusterPlaceOptions } from './serving-place.ts';

/** What is to be done: with a version it is promoted, without one the alias goes back. */
export interface Move {
  readonly model: string;
  readonly alias: string;
  readonly reason: string;
  readonly expect?: number | undefined;
  readonly kind: 'promote' | 'rollback';
  /** The version to promote, or to go back to. */
  readonly to?: number | undefined;
}

/**
 * Moves an alias and the requests with it: the servers of the version are seen to first, then the ledger, then the route.
 * Returns the entry of the ledger. PW603 when the version does not answer; then both are as they were.
 */
export async function moveOnCluster(move: Move, place: ClusterPlaceOptions, log: (line: string) => void, signal: AbortSignal): Promise<LedgerEntry> {
  if (move.alias !== SERVED_ALIAS) {
    throw new PipewrightError({ code: 'PW901', message: `The alias "${move.alias}" has no servers on a cluster: only ${SERVED_ALIAS} gets requests.`, fix: 'Leave --cluster out to move the alias alone, or leave --alias out.' });
  }
  const cluster = await connect(place);
  const gateway = await gatewayOf(cluster, place);
  await using opened = await openClusterStore(cluster, REGISTRY_SECRET);
  const registry = openRegistry(opened.store);
  const state = (await registry.aliases(move.model)).find((each) => each.alias === move.alias);
  const version = await targetOf(move, registry);
  const { artifact } = await registry.readVersion(move.model, version);
  const [namespace, api] = [await servingNamespace(cluster), openApi(await accessOf(cluster.config))];
  const open = (until: AbortSignal): Kubernetes => openNamespace(api, namespace, until);
  const image = await imageFor(open(signal), move.model, version, namespace);

  let entry = state?.entry;
  const ledger: Ledger = {
    demand: () => registry.demandAlias(move.model, move.alias, entry?.version === version ? version : (move.expect ?? state?.version)),
    promote: async () => {
      entry = await carryOut(move, version, state?.version, registry);
    },
    isPromoted: async () => (await registry.resolveAlias(move.model, move.alias)) === version,
    finish: () => finishRollout(registry, move.model, move.alias, version, undefined),
    takeBack: async (reason) => takeBack(move, version, state?.version, registry, reason),
  };
  await rollOut({
    connect: open, place: { ...DEFAULT_PLACE, namespace, image }, served: { model: move.model, version }, document: decodeModel(await readModelFiles(opened.store, artifact.digest)).document,
    gateway, ledger, isUrgent: move.kind === 'rollback', log, signal,
  });
  return entry!;
}

async function targetOf({ model, alias, kind, to }: Move, registry: Registry): Promise<number> {
  if (to !== undefined) return to;
  const [earlier] = kind === 'rollback' ? earlierVersions(await registry.ledger(model), alias) : [];
  if (earlier !== undefined) return earlier;
  throw new PipewrightError({ code: 'PW412', message: `The alias ${alias} of ${model} has no earlier version to go back to.`, fix: 'Promote the version that you want instead: pipewright models promote.' });
}

function carryOut({ model, alias, reason, expect, kind }: Move, version: number, present: number | undefined, registry: Registry): Promise<LedgerEntry> {
  if (kind === 'promote') return registry.promote(model, { version, alias, reason, decision: 'manual', expected: expect ?? present });
  const expected = expect ?? present;
  return registry.rollback(model, alias, { reason, to: version, ...(expected === undefined ? {} : { expected }) });
}

async function takeBack({ model, alias, kind }: Move, version: number, before: number | undefined, registry: Registry, reason: string): Promise<void> {
  if (before === version || (await registry.resolveAlias(model, alias)) !== version) return;
  if (before === undefined) await registry.recordDecision(model, { version, alias, decision: ROLLOUT_FAILED, reason });
  else if (kind === 'promote') await registry.rollback(model, alias, { expected: version, to: before, decision: ROLLOUT_FAILED, reason });
  else await registry.promote(model, { version: before, alias, expected: version, decision: ROLLOUT_FAILED, reason });
}

/** The version's own server, or the one that answers now: a model moves by hand, its server does not change with it. */
async function imageFor(kubernetes: Kubernetes, model: string, version: number, namespace: string): Promise<string> {
  const servers = await chooseServers(kubernetes, model, { ...DEFAULT_PLACE, namespace, image: '' });
  for (const each of [version, ...answering(readTraffic(await kubernetes.get('HTTPRoute', model)))]) {
    const image = (await kubernetes.get('Deployment', servers.deploymentOf(each)))?.spec?.template.spec?.containers[0]?.image;
    if (image !== undefined) return image;
  }
  throw new PipewrightError({ code: 'PW602', message: `No version of ${model} has servers in the namespace ${namespace} of this cluster.`, fix: 'Run the pipeline there, whose step deploy brings them up; or leave --cluster out to move the alias alone.' });
}
