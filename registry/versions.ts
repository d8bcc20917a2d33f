import { PipewrightError } from '../dsl/errors/index.ts';
import { closest, deepFreeze, listed, type Digest } from '../dsl/util/index.ts';
import { mapBounded, type Store } from '../store/index.ts';
import { checkModelName, checkTime, checkVersion } from './names.ts';
import { numberOf, versionKey, versionsPrefix } from './records.ts';
import { formatVersion, identityOf, parseVersion, type ModelVersion, type VersionContent } from './version.ts';

const CONCURRENCY = 16;

export async function listModels(store: Store): Promise<readonly string[]> {
  const names = (await store.listRecords('registry/')).map((key) => /^registry\/([^/]+)\/versions\//.exec(key)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Version numbers, ascending; none for a model that does not exist. */
async function listVersionNumbers(store: Store, name: string): Promise<readonly number[]> {
  checkModelName(name);
  return (await store.listRecords(versionsPrefix(name))).map(numberOf);
}

export async function listVersions(store: Store, name: string): Promise<readonly number[]> {
  const versions = await listVersionNumbers(store, name);
  if (versions.length === 0) throw await unknownModel(store, name);
  return versions;
}

export async function readVersion(store: Store, name: string, version: number): Promise<ModelVersion> {
  const found = await findVersion(store, name, version);
  if (found !== undefined) return found;
  const versions = await listVersions(store, name);
  throw new PipewrightError({
    code: 'PW412',
    message: `The model ${name} has no version ${version}; its newest is ${versions.at(-1)}.`,
    fix: `Give a version from ${versions[0]} to ${versions.at(-1)}.`,
  });
}

/**
 * Registers a content and returns its version, the one it has already or the next number.
 *
 * The number is taken by creating its record, which only one of several writers can. A loser reads what took the number:
 * its own content, and then that is its version, or another one, and then it tries the next.
 */
export async function registerVersion(store: Store, name: string, content: VersionContent): Promise<ModelVersion> {
  checkModelName(name);
  const { artifact, documents = {}, metadata = null } = content;
  const registeredAt = checkTime(content.at ?? new Date());
  // Throws on metadata that JSON cannot carry, before anything is read or written.
  formatVersion({ name, version: 0, artifact, documents, metadata, registeredAt });
  await requireObjects(store, [artifact.digest, ...Object.values(documents)]);

  const identity = identityOf({ artifact, documents, metadata });
  const known = await mapBounded(await listVersionNumbers(store, name), CONCURRENCY, (version) => readVersion(store, name, version));
  let same = known.find((version) => identityOf(version) === identity);
  for (let version = (known.at(-1)?.version ?? 0) + 1; same === undefined; version++) {
    const next: ModelVersion = { name, version, artifact, documents, metadata, registeredAt };
    if (await store.createRecord(versionKey(name, version), formatVersion(next))) return deepFreeze(next);
    const taken = await readVersion(store, name, version);
    if (identityOf(taken) === identity) same = taken;
  }
  return same;
}

async function unknownModel(store: Store, name: string): Promise<PipewrightError> {
  const models = await listModels(store);
  const meant = closest(name, models);
  return new PipewrightError({
    code: 'PW412',
    message: `There is no model "${name}" in the registry of ${store.description}.${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    fix:
      models.length === 0
        ? 'Register a version first: run the pipeline that trains the model.'
        : `Give one of ${listed(models)}, or register a version of "${name}".`,
  });
}

async function findVersion(store: Store, name: string, version: number): Promise<ModelVersion | undefined> {
  checkModelName(name);
  checkVersion(version);
  const text = await store.readRecord(versionKey(name, version));
  return text === undefined ? undefined : deepFreeze(parseVersion(name, version, text));
}

/** A version whose bytes are not there could be promoted but never served. */
async function requireObjects(store: Store, digests: readonly Digest[]): Promise<void> {
  const sizes = await mapBounded(digests, CONCURRENCY, (digest) => store.statObject(digest));
  const missing = digests.filter((_digest, i) => sizes[i] === undefined);
  if (missing.length === 0) return;
  throw new PipewrightError(
    missing.map((digest) => ({
      code: 'PW402' as const,
      message: `The object ${digest} is not in the store ${store.description}, so it cannot be registered.`,
      fix: 'Put the artifact and its documents into this store first.',
    })),
  );
}
