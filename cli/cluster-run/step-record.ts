import { isArtifactReference, type ArtifactReference } from '../../store/index.ts';
import { isDigest, type Json } from '../../dsl/util/index.ts';
import type { Fingerprint, FingerprintParts } from '../../dsl/contract/index.ts';

/** What a TypeScript step tells of itself in its output parameter STEP_RECORD, as JSON. Values of environment variables are digests. */
export interface StepRecord {
  readonly format: 'pipewright/step-record/1';
  readonly cache: { readonly status: 'hit'; readonly run: string; readonly task: string; readonly finishedAt: string; /** Of the work that was taken. */ readonly seconds: number } | { readonly status: 'miss' };
  readonly fingerprint: Fingerprint;
  readonly parts: FingerprintParts;
  readonly outputs: Readonly<Record<string, ArtifactReference>>;
  readonly results: Readonly<Record<string, Json>>;
  readonly seconds: number;
}

/** Undefined where the step told nothing, as programs in other languages do, or nothing that can be understood. */
export function readStepRecord(text: string | undefined): StepRecord | undefined {
  if (text === undefined || text === '') return undefined;
  let value: Partial<StepRecord>;
  try {
    value = JSON.parse(text) as Partial<StepRecord>;
  } catch {
    return undefined;
  }
  const { format, cache, fingerprint, parts, outputs } = value ?? {};
  const isSound = format === 'pipewright/step-record/1'
    && (cache?.status === 'miss' || (cache?.status === 'hit' && typeof cache.run === 'string' && typeof cache.task === 'string' && typeof cache.finishedAt === 'string' && typeof cache.seconds === 'number'))
    && typeof fingerprint === 'string' && isDigest(fingerprint)
    && typeof parts === 'object' && parts !== null
    && typeof outputs === 'object' && outputs !== null && Object.values(outputs).every(isArtifactReference);
  return isSound ? (value as StepRecord) : undefined;
}
