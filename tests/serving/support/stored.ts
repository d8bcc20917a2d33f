import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegistry, type Registry } from '../../../registry/index.ts';
import { openStore, putArtifact, type Store } from '../../../store/index.ts';
import { makeFolder } from './folders.ts';
import { MODEL_NAME, type SampleModel } from './models.ts';

/** The model's files in a new folder. */
export async function writeModel(model: Pick<SampleModel, 'files'>, folder?: string): Promise<string> {
  const target = folder ?? (await makeFolder('model'));
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of Object.entries(model.files)) await writeFile(join(target, name), bytes);
  return target;
}

/** A registry in a new folder. */
export async function makeRegistry(): Promise<{ readonly location: string; readonly store: Store; readonly registry: Registry }> {
  const location = await makeFolder('store');
  const store = await openStore(location);
  return { location, store, registry: openRegistry(store) };
}

/** Registers a model and points `production` to it; the version. */
export async function promoteModel({ store, registry }: { readonly store: Store; readonly registry: Registry }, model: Pick<SampleModel, 'files'>, alias = 'production'): Promise<number> {
  const artifact = await putArtifact(store, await writeModel(model));
  const { version } = await registry.registerVersion(MODEL_NAME, { artifact });
  const expected = await registry.resolveAlias(MODEL_NAME, alias).catch(() => undefined);
  await registry.promote(MODEL_NAME, { version, alias, expected, decision: 'promote', reason: 'the test says so' });
  return version;
}
