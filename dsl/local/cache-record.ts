import type { Fingerprint, FingerprintParts } from '../contract/index.ts';
import type * as store from '../../store/index.ts';
import type { Digest, Json } from '../util/index.ts';

/** An entry of the cache, see store/cache-record.ts: the harness in a pod reads and writes the same ones. */
export type CacheRecord = store.CacheRecord<FingerprintParts, Fingerprint>;
export type Cache = store.Cache<FingerprintParts, Fingerprint>;

/** One difference between what a task was given now and the last time. */
export type Change =
  | { readonly what: 'code'; readonly before: Digest; readonly after: Digest }
  /** null where it did not exist. */
  | { readonly what: 'parameter'; readonly name: string; readonly before: Json; readonly after: Json }
  | { readonly what: 'input'; readonly name: string; readonly before: Digest | readonly Digest[] | null; readonly after: Digest | readonly Digest[] | null }
  | { readonly what: 'output'; readonly name: string; readonly before: Json; readonly after: Json }
  /** Digests of the values; null where unset. */
  | { readonly what: 'environment'; readonly name: string; readonly before: string | null; readonly after: string | null }
  /** The step itself: another contract, or another version of the cache's format. */
  | { readonly what: 'step'; readonly before: string; readonly after: string };
