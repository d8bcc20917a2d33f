import { connect } from '../cluster-run/connect.ts';
import type { ClusterUpOptions } from '../cluster.ts';
import { EXIT } from '../errors.ts';
import { alignRows } from '../present/text.ts';
import { readKindCluster } from './kind-cluster.ts';
import { partsOf } from './parts.ts';

/** The verb `cluster status`. */
export async function showStatus({ context }: Pick<ClusterUpOptions, 'context'>): Promise<void> {
  const kind = context === undefined ? await readKindCluster() : undefined;
  const cluster = await connect({ context: context ?? kind!.context, namespace: 'pipewright' });
  const parts = partsOf(kind?.gateway);
  const rows: string[][] = [];
  for (const part of parts) {
    const health = await part.examine(cluster);
    rows.push([health.kind === 'ready' ? 'healthy' : 'NOT READY', part.title, part.where, health.kind === 'ready' ? '' : health.why]);
  }
  process.stdout.write(`${alignRows(rows).join('\n')}\n`);
  const sick = rows.filter(([health]) => health !== 'healthy').length;
  process.stdout.write(sick === 0 ? `All ${rows.length} parts in the context ${cluster.context} are healthy.\n` : `${sick} of ${rows.length} parts in the context ${cluster.context} are not ready: "pipewright cluster up" installs what is missing; docs/cluster.md has a list by symptom.\n`);
  if (sick > 0) process.exitCode = EXIT.failed;
}
