import { text } from 'node:stream/consumers';
import { canonicalJson, digestOf, digestOfJson, type Digest } from '../dsl/util/index.ts';
import { isArtifactReference, type ArtifactReference } from './artifacts.ts';
import { mapBounded } from './bounded.ts';
import type { CacheRecord, RecordedParts } from './cache-record.ts';
import { parseManifest } from './manifest.ts';
import type { Store } from './store.ts';

/** `cache/sha256-<hexadecimal>.json`, the same in every store. */
export function cacheKey(fingerprint: string): string {
  return `cache/${fingerprint.replace(':', '-')}.json`;
}

/** What is written down of a fingerprint's parts: a variable may be a secret, so its value becomes a digest. */
export function withoutSecrets<P extends RecordedParts>(parts: P): P {
  const environment = Object.entries(parts.environment).map(([name, value]) => [name, value === null ? null : digestOf(value)] as const);
  return { ...parts, environment: Object.fromEntries(environment) };
}

export type Lookup<P extends RecordedParts, F extends string> =
  | { readonly kind: 'hit'; readonly record: CacheRecord<P, F> }
  | { readonly kind: 'none' }
  /** There is a record, but these outputs are no longer in the store. */
  | { readonly kind: 'lost'; readonly missing: readonly string[] };

/**
 * Entries of the cache in one store, for the runner of a laptop and for the harness in a pod alike. What the parts are is
 * theirs to say; a fingerprint is the digest of them. An object that was seen once is not asked for again.
 */
export class Cache<P extends RecordedParts, F extends string = string> {
  readonly #store: Store;
  readonly #present = new Map<Digest, Promise<boolean>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async lookUp(fingerprint: F): Promise<Lookup<P, F>> {
    const record = parseRecord<P, F>(await this.#store.readRecord(cacheKey(fingerprint)), fingerprint);
    if (record === undefined) return { kind: 'none' };
    const missing: string[] = [];
    for (const [name, reference] of Object.entries(record.outputs)) if (!(await this.#isPresent(reference))) missing.push(name);
    return missing.length === 0 ? { kind: 'hit', record } : { kind: 'lost', missing };
  }

  async keep(parts: P, made: Omit<CacheRecord<P, F>, 'format' | 'fingerprint' | 'parts'>): Promise<CacheRecord<P, F>> {
    const record: CacheRecord<P, F> = { format: 'pipewright/cache/1', fingerprint: digestOfJson(parts) as string as F, parts: withoutSecrets(parts), ...made };
    await this.#store.writeRecord(cacheKey(record.fingerprint), canonicalJson(record));
    for (const { digest } of Object.values(record.outputs)) this.#present.delete(digest);
    return record;
  }

  #isPresent(reference: ArtifactReference): Promise<boolean> {
    let answer = this.#present.get(reference.digest);
    if (answer === undefined) {
      answer = this.#ask(reference);
      this.#present.set(reference.digest, answer);
      // A store that failed once may answer the next time.
      answer.catch(() => this.#present.delete(reference.digest));
    }
    return answer;
  }

  /** What is damaged inside is found when it is read; here only lengths count, because this is asked for every cached step. */
  async #ask({ type, digest, size }: ArtifactReference): Promise<boolean> {
    const found = await this.#store.statObject(digest);
    if (type === 'file' || found === undefined) return found === size;
    const files = parseManifest(await text(await this.#store.getObject(digest)), digest);
    const sizes = await mapBounded(files, 8, (file) => this.#store.statObject(file.digest));
    return sizes.every((size, index) => size === files[index]!.size);
  }
}

/** A record that another version wrote, or that is not one, is no reason to fail: the step runs again. */
function parseRecord<P extends RecordedParts, F extends string>(written: string | undefined, fingerprint: F): CacheRecord<P, F> | undefined {
  if (written === undefined) return undefined;
  try {
    const record = JSON.parse(written) as CacheRecord<P, F>;
    const sound = record.format === 'pipewright/cache/1' && record.fingerprint === fingerprint && Object.values(record.outputs).every(isArtifactReference);
    return sound ? record : undefined;
  } catch {
    return undefined;
  }
}
