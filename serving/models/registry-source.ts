import { buffer } from 'node:stream/consumers';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { MODEL_FILES } from '../../model/document/index.ts';
import type { ModelVersion, Registry } from '../../registry/index.ts';
import { parseManifest, type Store } from '../../store/index.ts';
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
      return { ...identity, load: async () => prepareModel(await readModelFiles(store, identity, artifact), identity) };
    },
  };
}

/** The three files of a model, straight into memory: a server needs no writable folder. */
async function readModelFiles(store: Store, identity: ModelIdentity, artifact: ModelVersion['artifact']): Promise<Record<string, Uint8Array>> {
  const read = async (digest: ModelIdentity['digest']): Promise<Buffer> => buffer(await store.getObject(digest));
  const listing = artifact.type === 'directory' ? parseManifest((await read(artifact.digest)).toString('utf8'), artifact.digest) : [];
  const files = await Promise.all(
    MODEL_FILES.map(async (name): Promise<[string, Uint8Array]> => {
      const file = listing.find(({ path }) => path === name);
      if (file) return [name, await read(file.digest)];
      throw new PipewrightError({
        code: 'PW507',
        message: `The artifact of ${describeModel(identity)} has no file ${name}.`,
        fix: `Register a folder with the files ${MODEL_FILES.join(', ')}, as the train step writes it.`,
      });
    }),
  );
  return Object.fromEntries(files);
}
