/**
 * What a step costs on a cluster: ours against the same chain written by hand, pods and seconds per step.
 *
 *     npx tsx bench/cluster.ts [rounds]       by default 3; needs the cluster of "npm run cluster:up"
 *
 * Then the model server, asked directly, through the gateway, and from outside; and what the installation takes at rest.
 *
 * BENCH_IMAGE names an image with a shell that the node has or can pull; BENCH_CONTEXT a context other than the current one.
 * The chains take turns, so that what disturbs one disturbs its rival too. Read the ratio.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CoreV1Api, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { containerChains, LENGTH, type Chain } from './cluster/chains.ts';
import { latency } from './cluster/latency.ts';

const GROUP = { group: 'argoproj.io', version: 'v1alpha1', namespace: process.env['BENCH_NAMESPACE'] ?? 'pipewright', plural: 'workflows' };
const image = process.env['BENCH_IMAGE'] ?? 'busybox:1.37';
const gateway = process.env['BENCH_GATEWAY'] ?? 'http://127.0.0.1:8088';
const rounds = Number(process.argv[2] ?? 3);

const config = new KubeConfig();
config.loadFromDefault();
if (process.env['BENCH_CONTEXT']) config.setCurrentContext(process.env['BENCH_CONTEXT']);
const objects = config.makeApiClient(CustomObjectsApi);

interface Status {
  readonly phase?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly nodes?: Readonly<Record<string, { readonly type: string; readonly startedAt: string; readonly finishedAt: string }>>;
}

/** Runs a chain to its end and takes it away again. */
async function time({ name, workflow }: Chain): Promise<{ seconds: number; pods: number }> {
  const made = (await objects.createNamespacedCustomObject({ ...GROUP, body: workflow })) as { metadata: { name: string } };
  const object = { ...GROUP, name: made.metadata.name };
  try {
    for (;;) {
      const { status } = (await objects.getNamespacedCustomObject(object)) as { status?: Status };
      if (status?.phase === 'Succeeded') {
        const pods = Object.values(status.nodes!).filter(({ type }) => type === 'Pod');
        // Argo's times are whole seconds: the chain's end minus its beginning is off by less than one for all steps together.
        return { seconds: (Date.parse(status.finishedAt!) - Date.parse(status.startedAt!)) / 1000 / LENGTH, pods: pods.length / LENGTH };
      }
      if (status?.phase === 'Failed' || status?.phase === 'Error') throw new Error(`${name} ended ${status.phase}: ${status.message}`);
      await sleep(500);
    }
  } finally {
    await objects.deleteNamespacedCustomObject(object);
  }
}

async function steps(): Promise<void> {
  const chains = containerChains(image);
  const times = new Map<string, number[]>(chains.map(({ name }) => [name, []]));
  const pods = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const chain of chains) {
      const each = await time(chain);
      times.get(chain.name)!.push(each.seconds);
      pods.set(chain.name, each.pods);
    }
  }
  const best = (name: string): number => Math.min(...times.get(name)!);
  console.log(`\nA chain of ${LENGTH} steps, best of ${rounds} rounds`);
  console.table(
    Object.fromEntries(
      chains.map(({ name }, at) => [name, { 'seconds a step': +best(name).toFixed(1), ratio: +(best(name) / best(chains[at - (at % 2)]!.name)).toFixed(2), 'pods a step': pods.get(name) }]),
    ),
  );
}

interface Summary {
  readonly pods: readonly { readonly podRef: { readonly namespace: string; readonly name: string }; readonly cpu?: { readonly usageNanoCores?: number }; readonly memory?: { readonly workingSetBytes?: number } }[];
}

/** What the installation takes while nothing runs, as the kubelet counts it. */
async function idle(): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const sums = new Map<string, { pods: number; cpu: number; memory: number }>();
  for (const { metadata } of (await core.listNode()).items) {
    const summary = (await core.connectGetNodeProxyWithPath({ name: metadata!.name!, path: 'stats/summary' })) as unknown as Summary;
    for (const { podRef, cpu, memory } of summary.pods) {
      const sum = sums.get(podRef.namespace) ?? { pods: 0, cpu: 0, memory: 0 };
      sums.set(podRef.namespace, { pods: sum.pods + 1, cpu: sum.cpu + (cpu?.usageNanoCores ?? 0) / 1e6, memory: sum.memory + (memory?.workingSetBytes ?? 0) / 2 ** 20 });
    }
  }
  console.log('\nThe installation at rest');
  console.table(Object.fromEntries([...sums].sort().map(([name, { pods, cpu, memory }]) => [name, { pods, 'thousandths of a core': Math.round(cpu), MiB: Math.round(memory) }])));
}

const unreachable = await config.makeApiClient(CoreV1Api).listNamespace().then(() => undefined, (error: unknown) => (error as Error).message);
if (unreachable !== undefined) console.log(`SKIPPED: no cluster answers (${unreachable.split('\n')[0]}). Start one with: npm run cluster:up`);
else {
  await idle();
  await steps();
  const rows = await latency(config, gateway);
  if (rows === undefined) console.log('\nSKIPPED the latency of the model server: no model is served. Run the shipped pipeline on the cluster first.');
  else {
    console.log('\nOne row, 200 requests a second, open loop, milliseconds, the best of rounds in turn');
    console.table(rows);
  }
}
