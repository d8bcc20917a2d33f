import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../dsl/util/index.ts';
import { openRegistry, type Registry } from '../../registry/index.ts';
import { openStore, type Store } from '../../store/index.ts';

export interface Fixture {
  readonly root: string;
  readonly store: Store;
  readonly registry: Registry;
  /** Another registry on the same place, as another process would have it. */
  readonly again: () => Promise<Registry>;
  /** Registers a version with an artifact of its own. */
  readonly register: (metadata?: Json) => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** The model that the tests speak of. */
export const MODEL = 'stock-direction';

export async function openFixture(): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), 'pipewright-test-'));
  const store = await openStore(root);
  const registry = openRegistry(store);
  let count = 0;
  return {
    root,
    store,
    registry,
    again: async () => openRegistry(await openStore(root)),
    register: async (metadata = null) => {
      const object = await store.putObject(`weights ${++count}`);
      return (await registry.registerVersion(MODEL, { artifact: { type: 'file', ...object }, metadata })).version;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
