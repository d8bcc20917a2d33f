import { listKindClusters, readKindCluster, requireKind } from './kind-cluster.ts';
import { runWell } from './programs.ts';

/** The verb `cluster down`. */
export async function takeDown(): Promise<void> {
  const { name } = await readKindCluster();
  await requireKind();
  if (!(await listKindClusters()).includes(name)) {
    process.stdout.write(`There is no kind cluster ${name}.\n`);
    return;
  }
  await runWell('kind', ['delete', 'cluster', '--name', name], `See what still holds it: docker ps --filter label=io.x-k8s.kind.cluster=${name}.`);
  process.stdout.write(`deleted the kind cluster ${name}\n`);
}
