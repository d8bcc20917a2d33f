import { text } from 'node:stream/consumers';
import { fingerprintOf, type Fingerprint, type FingerprintParts } from '../contract/index.ts';
import { canonicalJson, digestOf, type Digest } from '../util/index.ts';
import { isArtifactReference, mapBounded, parseManifest, type ArtifactReference, type Store } from '../../store/index.ts';
import type { CacheRecord } from './cache-record.ts';

/** `cache/sha256-<hexadecimal>.json`, the same in every store. */
export function cacheKey(fingerprint: Fingerprint): string {
  return `cache/${fingerprint.replace(':', '-')}.json`;
}

/** What is written down of a fingerprint's parts: a variable may be a secret, so its value becomes a digest. */
export function withoutSecrets(parts: FingerprintParts): FingerprintParts {
  const environment = Object.entries(parts.environment).map(([name, value]) => [name, value === null ? null : digestOf(value)] as const);
  return { ...parts, environment: Object.fromEntries(environment) };
}

export type Lookup =
  | { readonly kind: 'hit'; readonly record: CacheRecord }
  | { readonly kind: 'none' }
  /** There is a record, but these outputs are no longer in the store. */
  | { readonly kind: 'lost'; readonly missing: readonly string[] };

/** Entries of the cache in one store. An object that was seen once in a run is not asked for again. */
export class Cache {
  readonly #store: Store;
  readonly #present = new Map<Digest, Promise<boolean>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async lookUp(fingerprint: Fingerprint): Promise<Lookup> {
    const record = parseRecord(await this.#store.readRecord(cacheKey(fingerprint)), fingerprint);
    if (record === undefined) return { kind: 'none' };
    const missing: string[] = [];
    for (const [name, reference] of Object.entries(record.outputs)) if (!(await this.#isPresent(reference))) missing.push(name);
    return missing.length === 0 ? { kind: 'hit', record } : { kind: 'lost', missing };
  }

  async keep(parts: FingerprintParts, made: Omit<CacheRecord, 'format' | 'fingerprint' | 'parts'>): Promise<CacheRecord> {
    const record: CacheRecord = { format: 'pipewright/cache/1', fingerprint: fingerprintOf(parts), parts: withoutSecrets(parts), ...made };
    await this.#store.writeRecord(cacheKey(record.fingerprint), canonicalJson(record));
    for (const { digest } of Object.values(record.outputs)) this.#present.delete(digest);
    return record;
  }

  #isPresent(reference: ArtifactReference): Promise<boolean> {
    let answer = this.#present.get(reference.digest);
    if (answer === undefined) {
      answer = this.#ask(reference);
      this.#present.set(reference.digest, answer);
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
function parseRecord(written: string | undefined, fingerprint: Fingerprint): CacheRecord | undefined {
  if (written === undefined) return undefined;
  try {
    const record = JSON.parse(written) as CacheRecord;
    const sound = record.format === 'pipewright/cache/1' && record.fingerprint === fingerprint && Object.values(record.outputs).every(isArtifactReference);
    return sound ? record : undefined;
  } catch {
    return undefined;
  }
}
