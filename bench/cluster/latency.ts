import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppsV1Api, CoreV1Api, Exec, type KubeConfig, type V1Deployment, type V1Service } from '@kubernetes/client-node';
import { build } from 'esbuild';
import { load, quantile, type LoadOrder } from '../serving/generate-load.ts';

const MODELS = process.env['BENCH_MODELS_NAMESPACE'] ?? 'pipewright-models';
const GATEWAYS = 'envoy-gateway-system';
const RATE = 200;
/** The ways take turns, so that what disturbs one disturbs its rivals too; of each the best round counts. */
const ROUNDS = 4;
const SECONDS = 3;

interface Found {
  readonly model: string;
  readonly server: V1Deployment;
  readonly service: V1Service;
  readonly gateway: V1Service;
}

/** The latency of one row: asked directly, through the gateway, and through the gateway from outside. Undefined when no model is served. */
export async function latency(config: KubeConfig, outside: string): Promise<Record<string, Record<string, number>> | undefined> {
  const core = config.makeApiClient(CoreV1Api);
  const found = await find(config, core);
  if (found === undefined) return undefined;
  const { model, server, service, gateway } = found;
  const described = (await (await fetch(`${outside}/v2/models/${model}`)).json()) as { inputs: { name: string; shape: number[] }[] };
  const width = described.inputs.find(({ name }) => name === 'features')!.shape.at(-1)!;
  const inputs = [{ name: 'features', datatype: 'FP64', shape: [1, width], data: new Array<number>(width).fill(0.1) }];
  const order = { path: `/v2/models/${model}/infer`, body: JSON.stringify({ inputs }), requests: RATE * SECONDS, connections: 16, rate: RATE, maximumSeconds: SECONDS * 2 };
  const pod = await startPod(core, server);
  try {
    const portOf = ({ spec }: V1Service): number => spec!.ports![0]!.port;
    const url = new URL(outside);
    const ways: Readonly<Record<string, () => Promise<Record<string, number>>>> = {
      'in the cluster, direct': () => inPod(config, pod, { ...order, host: service.spec!.clusterIP!, port: portOf(service) }),
      'in the cluster, through the gateway': () => inPod(config, pod, { ...order, host: gateway.spec!.clusterIP!, port: portOf(gateway) }),
      'from outside, through the gateway': async () => quantiles(await load({ ...order, host: url.hostname, port: Number(url.port || 80) })),
    };
    const rounds = new Map<string, Record<string, number>[]>(Object.keys(ways).map((way) => [way, []]));
    for (let round = 0; round < ROUNDS; round++) for (const [way, ask] of Object.entries(ways)) rounds.get(way)!.push(await ask());
    const best = (way: string, figure: string): number => Math.min(...rounds.get(way)!.map((each) => each[figure]!));
    const [rival] = Object.keys(ways) as [string];
    return Object.fromEntries(Object.keys(ways).map((way) => [way, {
      p50: best(way, 'p50'), 'ratio of p50': +(best(way, 'p50') / best(rival, 'p50')).toFixed(2), p99: best(way, 'p99'), 'ratio of p99': +(best(way, 'p99') / best(rival, 'p99')).toFixed(2),
      failures: rounds.get(way)!.reduce((sum, { failures }) => sum + failures!, 0),
    }]));
  } finally {
    await core.deleteNamespacedPod({ name: pod, namespace: MODELS, gracePeriodSeconds: 0 });
  }
}

async function find(config: KubeConfig, core: CoreV1Api): Promise<Found | undefined> {
  const labelSelector = 'serving.kserve.io/inferenceservice';
  const servers = (await config.makeApiClient(AppsV1Api).listNamespacedDeployment({ namespace: MODELS, labelSelector })).items;
  // Of several versions the one with the highest number is the one that gets the traffic.
  const server = servers.filter(({ status }) => (status?.readyReplicas ?? 0) > 0).sort((a, b) => a.metadata!.creationTimestamp!.getTime() - b.metadata!.creationTimestamp!.getTime()).at(-1);
  if (server === undefined) return undefined;
  const services = (await core.listNamespacedService({ namespace: MODELS, labelSelector })).items;
  const [gateway] = (await core.listNamespacedService({ namespace: GATEWAYS, labelSelector: 'gateway.envoyproxy.io/owning-gateway-name=pipewright' })).items;
  const service = services.find(({ metadata }) => metadata!.name === server.metadata!.name);
  if (service === undefined || gateway === undefined) return undefined;
  return { model: server.metadata!.labels![labelSelector]!, server, service, gateway };
}

/** A pod with Node to send from: that of the model server, so no further image is needed. */
async function startPod(core: CoreV1Api, server: V1Deployment): Promise<string> {
  const name = `bench-load-${Date.now().toString(36)}`;
  const { image } = server.spec!.template.spec!.containers[0]!;
  await core.createNamespacedPod({
    namespace: MODELS,
    body: {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'load', image: image!, imagePullPolicy: 'IfNotPresent', command: ['node', '-e', 'setInterval(() => undefined, 1000)'],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
        }],
      },
    },
  });
  while ((await core.readNamespacedPod({ name, namespace: MODELS })).status?.phase !== 'Running') await sleep(200);
  return name;
}

async function inPod(config: KubeConfig, pod: string, order: LoadOrder): Promise<Record<string, number>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('load-in-pod.ts', import.meta.url))], bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20',
  });
  let heard = '';
  const output = new Writable({ write: (chunk: Buffer, _encoding, done) => void ((heard += chunk.toString('utf8')), done()) });
  await new Promise<void>((resolve, reject) => {
    new Exec(config)
      .exec(MODELS, pod, 'load', ['node', '--input-type=module', '--eval', outputFiles[0]!.text, JSON.stringify(order)], output, process.stderr, null, false, ({ status, message }) =>
        status === 'Success' ? resolve() : reject(new Error(message)))
      .catch(reject);
  });
  const { p50, p99, failures } = JSON.parse(heard) as Record<'p50' | 'p99' | 'failures', number>;
  return round({ p50, p99, failures });
}

function quantiles({ milliseconds, failures }: Awaited<ReturnType<typeof load>>): Record<string, number> {
  return round({ p50: quantile(milliseconds, 0.5), p99: quantile(milliseconds, 0.99), 'p99.9': quantile(milliseconds, 0.999), failures });
}

const round = (row: Record<string, number>): Record<string, number> => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, +value.toFixed(2)]));
