import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { connect } from '../../cli/cluster-run/connect.ts';
import { openClusterStore, REGISTRY_SECRET } from '../../cli/cluster-run/cluster-store.ts';
import { accessOf } from '../../cli/cluster-models/access.ts';
import { registerModel } from '../../steps/deploy/register.ts';
import { openRegistry, type Registry } from '../../registry/index.ts';
import { chooseServers, DEFAULT_PLACE, openApi, openNamespace, type Kubernetes, type RollOutOptions, type ServingPlace } from '../../serving/cluster/index.ts';
import type { Store } from '../../store/index.ts';
import { digestOf } from '../../dsl/util/index.ts';
import { makeModel, type SampleModel } from '../serving/support/models.ts';
import { servingImage } from './images.ts';
import { forward, secretOf } from './kubectl.ts';

export const GATEWAY = process.env['PIPEWRIGHT_GATEWAY_URL'] ?? 'http://127.0.0.1:8088';

/** A model of the test's own on the real cluster: its registry, and what a rollout needs. */
export interface ServingRig {
  readonly model: string;
  readonly store: Store;
  readonly registry: Registry;
  readonly kubernetes: Kubernetes;
  readonly connect: (signal: AbortSignal) => Kubernetes;
  readonly place: ServingPlace;
  /** Registers a version made from a seed; other seeds are other models, and answer otherwise. */
  register(seed: number, options?: { readonly run?: string; readonly beats?: number; readonly change?: (model: SampleModel) => SampleModel }): Promise<Prepared>;
  /** What a server measures, asked past the gateway. */
  metricsOf(pod: string): Promise<string>;
  /** Takes servers, route and records away. */
  remove(): Promise<void>;
}

export interface Prepared {
  readonly sample: SampleModel;
  readonly version: number;
  /** For `rollOut`. */
  readonly options: RollOutOptions;
  readonly lines: string[];
}

export async function openServingRig({ name = `t-${randomBytes(4).toString('hex')}`, place: change = {} }: { readonly name?: string; readonly place?: Partial<ServingPlace> } = {}): Promise<ServingRig> {
  const cluster = await connect({ namespace: 'pipewright' });
  const opened = await openClusterStore(cluster, REGISTRY_SECRET);
  const api = openApi(await accessOf(cluster.config));
  const place: ServingPlace = { ...DEFAULT_PLACE, image: await servingImage(), ...change };
  const open = (signal: AbortSignal): Kubernetes => openNamespace(api, place.namespace, signal);
  const kubernetes = open(AbortSignal.timeout(900_000));
  const { store } = opened;
  const registry = openRegistry(store);
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-cluster-'));

  return {
    model: name, store, registry, kubernetes, connect: open, place,
    async register(seed, { run, beats, change: changed = (model: SampleModel): SampleModel => model } = {}) {
      const sample = changed(makeModel({ seed }));
      const own = join(folder, String(seed));
      await mkdir(own, { recursive: true });
      for (const [file, bytes] of Object.entries(sample.files)) await writeFile(join(own, file), bytes);
      const verdict = { decision: 'promote', reason: 'The test says so', model: digestOf(''), champion: beats === undefined ? null : (await registry.readVersion(name, beats)).artifact.digest, bytes: Buffer.from('{}') };
      const registered = await registerModel(store, { name, alias: 'production', folder: own, document: sample.document, verdict, run, isRolledOut: true });
      const { version } = registered.version;
      const lines: string[] = [];
      const { signal } = new AbortController();
      const ledger = { ...registered, promote: async () => void (await registered.promote()) };
      return { sample, version, lines, options: { connect: open, place, served: { model: name, version }, document: sample.document, gateway: GATEWAY, ledger, log: (line: string) => void lines.push(line), signal } };
    },
    metricsOf: async (pod) => (await api.ask({ method: 'GET', path: `/api/v1/namespaces/${place.namespace}/pods/${pod}:8080/proxy/metrics` }, AbortSignal.timeout(10_000))).text,
    async remove() {
      const servers = await chooseServers(kubernetes, name, place);
      await kubernetes.remove('HTTPRoute', name);
      for (const version of await servers.list()) await servers.remove(version);
      await opened[Symbol.asyncDispose]();
      await removeRecords(name);
      await rm(folder, { recursive: true });
    },
  };
}

/** No key of Pipewright's may remove a record of the registry, so the root's does. Objects of the test stay: others may have the same. */
async function removeRecords(model: string): Promise<void> {
  const { accessKey, secretKey } = secretOf('minio', 'minio-root');
  await using way = await forward('minio', 'minio', 9000);
  const client = new Client({ endPoint: '127.0.0.1', port: way.port, useSSL: false, accessKey: accessKey!, secretKey: secretKey!, region: 'us-east-1' });
  const names: string[] = [];
  for await (const item of client.listObjectsV2('pipewright', `records/registry/${model}/`, true)) names.push((item as { name: string }).name);
  await client.removeObjects('pipewright', names);
}
