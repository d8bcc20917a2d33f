import type { MoveOptions } from '../models.ts';
import { openRegistryOf, print, tableOfEntries } from './show-models.ts';

/** The verb `models promote`. Without `--expect` the alias is moved from wherever it is when this is asked. */
export async function promoteVersion(name: string, version: number, { alias, reason, expect, ...options }: MoveOptions): Promise<void> {
  const registry = await openRegistryOf(options);
  const present = (await registry.aliases(name)).find((state) => state.alias === alias)?.version;
  const entry = await registry.promote(name, { version, alias, reason, decision: 'manual', expected: expect ?? present });
  print(present === version ? [`The alias ${alias} of ${name} points to version ${version} already:`, ...tableOfEntries([entry])] : tableOfEntries([entry]));
}

/** The verb `models rollback`. */
export async function rollBack(name: string, { alias, reason, to, expect, ...options }: MoveOptions & { readonly to?: number }): Promise<void> {
  const registry = await openRegistryOf(options);
  const entry = await registry.rollback(name, alias, { reason, ...(to === undefined ? {} : { to }), ...(expect === undefined ? {} : { expected: expect }) });
  print(tableOfEntries([entry]));
}
