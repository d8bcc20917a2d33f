import type { Json } from '../dsl/util/index.ts';
import type { ArtifactReference } from './artifacts.ts';

/** As much as the cache knows of what a fingerprint is made of: JSON, with values of variables that may be secrets. */
export interface RecordedParts {
  readonly environment: Readonly<Record<string, string | null>>;
}

/** An entry of the cache: `cache/sha256-<fingerprint>.json` in the store. Its artifacts are in the store before it is. */
export interface CacheRecord<P extends RecordedParts, F extends string = string> {
  readonly format: 'pipewright/cache/1';
  readonly fingerprint: F;
  /** What the fingerprint was made of; values of environment variables as digests. */
  readonly parts: P;
  readonly outputs: Readonly<Record<string, ArtifactReference>>;
  readonly results: Readonly<Record<string, Json>>;
  /** Who made it. */
  readonly run: string;
  readonly task: string;
  readonly finishedAt: string;
  readonly seconds: number;
}
