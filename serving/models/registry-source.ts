import { PipewrightError } from '../../dsl/errors/index.ts';
import { MODEL_FILES } from '../../model/document/index.ts';
import { readModelFiles, type ModelVersion, type Registry } from '../../registry/index.ts';
import type { Store } from '../../store/index.ts';
import { describeModel, prepareModel, type ModelIdentity } from './served-model.ts';
import type { ModelSource } from './source.ts';

export interface RegistryOptions {
  readonly name: string;
  /** Which of its versions: the one that this alias points to, looked up each time. */
  readonly alias: string;
  /** Or this one, for good. Once it is loaded the store is not asked again. */
  readonly version?: number | undefined;
}

/** The version that an alias of the registry points to, or a given one. The store checks the digest of every file that is read. */
export function createRegistrySource(store: Store, registry: Registry, { name, alias, version }: RegistryOptions): ModelSource {
  // A version never changes, so its record is read once.
  let known: ModelVersion | undefined;
  const role = version === undefined ? alias : 'version';
  return {
    description: `${version === undefined ? `alias "${alias}"` : `version ${version}`} of model "${name}" in the registry of ${store.description}`,
    role,
    async find() {
      const number = version ?? (await registry.resolveAlias(name, alias));
      if (known?.version !== number) known = await registry.readVersion(name, number);
      const { artifact } = known;
      const identity = { name, version: String(number), role, digest: artifact.digest };
      return { ...identity, load: async () => prepareModel(await readFiles(store, identity, artifact), identity) };
    },
  };
}

/** Whether all of them are there is asked here, where the model has a name. */
async function readFiles(store: Store, identity: ModelIdentity, { type, digest }: ModelVersion['artifact']): Promise<Record<string, Uint8Array>> {
  const files = type === 'directory' ? await readModelFiles(store, digest) : {};
  const missing = MODEL_FILES.find((name) => files[name] === undefined);
  if (missing === undefined) return files;
  throw new PipewrightError({
    code: 'PW507',
    message: `The artifact of ${describeModel(identity)} has no file ${missing}.`,
    fix: `Register a folder with the files ${MODEL_FILES.join(', ')}, as the train step writes it.`,
  });
}
