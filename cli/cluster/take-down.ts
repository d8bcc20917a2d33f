import { requireEngine } from '../../dsl/local/index.ts';
import { listKindClusters, readKindCluster } from './kind-cluster.ts';
import { run, runWell } from './programs.ts';

/** The verb `cluster down`. */
export async function takeDown(): Promise<void> {
  const { name } = await readKindCluster();
  await run('kind', ['version']);
  await requireEngine();
  if (!(await listKindClusters()).includes(name)) {
    process.stdout.write(`There is no kind cluster ${name}.\n`);
    return;
  }
  await runWell('kind', ['delete', 'cluster', '--name', name], `See what still holds it: docker ps --filter label=io.x-k8s.kind.cluster=${name}.`);
  process.stdout.write(`deleted the kind cluster ${name}\n`);
}
