import type { MoveOptions } from '../models.ts';
import { openRegistryOf, print, tableOfEntries } from './show-models.ts';

/** The verb `models promote`. Without `--expect` the alias is moved from wherever it is when this is asked. */
export async function promoteVersion(name: string, version: number, options: MoveOptions): Promise<void> {
  if (options.cluster) return moveWithRequests('promote', name, { ...options, to: version });
  const { alias, reason, expect } = options;
  const registry = await openRegistryOf(options);
  const present = (await registry.aliases(name)).find((state) => state.alias === alias)?.version;
  const entry = await registry.promote(name, { version, alias, reason, decision: 'manual', expected: expect ?? present });
  print(present === version ? [`The alias ${alias} of ${name} points to version ${version} already:`, ...tableOfEntries([entry])] : tableOfEntries([entry]));
}

/** The verb `models rollback`. */
export async function rollBack(name: string, options: MoveOptions & { readonly to?: number }): Promise<void> {
  if (options.cluster) return moveWithRequests('rollback', name, options);
  const { alias, reason, to, expect } = options;
  const registry = await openRegistryOf(options);
  const entry = await registry.rollback(name, alias, { reason, ...(to === undefined ? {} : { to }), ...(expect === undefined ? {} : { expected: expect }) });
  print(tableOfEntries([entry]));
}

/** Both on a cluster: the registry there, and the requests with it. */
async function moveWithRequests(kind: 'promote' | 'rollback', model: string, options: MoveOptions & { readonly to?: number }): Promise<void> {
  const { moveOnCluster } = await import('../cluster-models/move-on-cluster.ts');
  const { alias, reason, expect, to } = options;
  const entry = await moveOnCluster({ kind, model, alias, reason, expect, to }, options, (line) => print([line]), new AbortController().signal);
  print(tableOfEntries([entry]));
}
