import { connect } from '../cluster-run/connect.ts';
import type { ClusterUpOptions } from '../cluster.ts';
import { install } from './install.ts';
import { ensureKindCluster, readKindCluster } from './kind-cluster.ts';
import { partsOf } from './parts.ts';
import { run } from './programs.ts';
import { waitForParts } from './wait-for-parts.ts';

/** The verb `cluster up`. */
export async function bringUp({ context, timeout }: ClusterUpOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  await run('kubectl', ['version', '--client']);
  const kind = context === undefined ? await readKindCluster() : undefined;
  if (kind !== undefined && (await ensureKindCluster(kind, say)) === 'present') say(`the kind cluster ${kind.name} is there`);

  const cluster = await connect({ context: context ?? kind!.context, namespace: 'pipewright' });
  await install(cluster, say);
  await waitForParts(cluster, partsOf(kind?.gateway), timeout, say);
  say(`
All is ready in the context ${cluster.context}. Next:
${kind === undefined ? '  npm run images -- --no-load          then push them to a registry of yours (docs/cluster.md)' : '  npm run images                       build the images of the steps and load them'}
  npm run compile                      the YAML that names them
  npx pipewright submit                run the pipeline here, with live progress
${kind === undefined ? '' : `The gateway answers at http://localhost:${kind.gateway.port}, 404 until a model is deployed.`}`.trimEnd());
}
