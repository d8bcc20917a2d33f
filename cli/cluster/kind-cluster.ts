import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { requireEngine } from '../../dsl/local/index.ts';
import { PROJECT, run, runWell } from './programs.ts';

/** What kind-config.yaml says of the cluster on this machine. */
export interface KindCluster {
  readonly name: string;
  /** Of the kubeconfig; kind names it so. */
  readonly context: string;
  /** Address of the gateway on this machine. */
  readonly gateway: { readonly host: string; readonly port: number };
}

const CONFIGURATION = 'kind-config.yaml';

interface KindConfiguration {
  readonly name: string;
  readonly nodes: readonly { readonly extraPortMappings?: readonly { readonly hostPort: number; readonly listenAddress: string }[] }[];
}

export async function readKindCluster(): Promise<KindCluster> {
  const { name, nodes } = parse(await readFile(join(PROJECT, CONFIGURATION), 'utf8')) as KindConfiguration;
  const { hostPort, listenAddress } = nodes.flatMap(({ extraPortMappings = [] }) => extraPortMappings)[0]!;
  return { name, context: `kind-${name}`, gateway: { host: listenAddress, port: hostPort } };
}

/** Names of the kind clusters on this machine. */
export async function listKindClusters(): Promise<readonly string[]> {
  const listing = await runWell('kind', ['get', 'clusters'], 'See that the container engine works: docker ps.');
  return listing.split('\n').filter((line) => line !== '');
}

/**
 * Creates the cluster unless it is there; starts its node if that was stopped; and sees that the kubeconfig knows it.
 * Throws PW904 without a container engine, PW905 without kind, with its port taken, and when kind fails.
 */
export async function ensureKindCluster(cluster: KindCluster, say: (line: string) => void): Promise<'created' | 'present'> {
  await requireKind();
  if (!(await listKindClusters()).includes(cluster.name)) {
    await requireFreePort(cluster.gateway);
    say(`creating the kind cluster ${cluster.name} (a minute, more when its image must be pulled)`);
    await runWell('kind', ['create', 'cluster', '--config', CONFIGURATION, '--wait', '180s'], 'See what it says; "kind delete cluster --name pipewright" removes a half-made one. To install into another cluster, give --context.');
    return 'created';
  }
  const node = `${cluster.name}-control-plane`;
  if ((await run('docker', ['inspect', '--format', '{{.State.Running}}', node])).output.trim() === 'false') {
    say(`starting the stopped kind cluster ${cluster.name}`);
    await runWell('docker', ['start', node], `Delete it with "pipewright cluster down" and bring it up anew.`);
  }
  // Only if it is unknown: this also makes it the current context.
  const contexts = (await run('kubectl', ['config', 'get-contexts', '--output', 'name'])).output.split('\n');
  if (!contexts.includes(cluster.context)) await runWell('kind', ['export', 'kubeconfig', '--name', cluster.name], 'See that the file that KUBECONFIG names can be written.');
  return 'present';
}

/** Throws PW905 without kind, PW904 without a container engine. */
export async function requireKind(): Promise<void> {
  // Which program is missing is said before what it would need.
  await run('kind', ['version']);
  await requireEngine().catch((error: PipewrightError) => {
    const { code, message } = error.issues[0]!;
    throw new PipewrightError({ code, message, fix: 'Install and start Docker, or name a cluster of your own with --context.' }, { cause: error });
  });
}

function requireFreePort({ host, port }: KindCluster['gateway']): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => {
      reject(new PipewrightError({ code: 'PW905', message: `Port ${port} of ${host}, where the gateway shall answer, is taken (${(cause as NodeJS.ErrnoException).code}).`, fix: `Stop what listens there ("ss -ltnp" names it), or choose another hostPort in ${CONFIGURATION}.` }, { cause }));
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}
