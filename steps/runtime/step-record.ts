import { rename, writeFile } from 'node:fs/promises';
import type { Fingerprint, FingerprintParts } from '../../dsl/contract/index.ts';
import { canonicalJson, type Json } from '../../dsl/util/index.ts';
import type { ArtifactReference } from '../../store/index.ts';

/** What a step did in a pod, for whoever follows the workflow: the output parameter `_record`. */
export interface StepRecord {
  readonly format: 'pipewright/step-record/1';
  readonly cache:
    /** Taken from the store; who made it, when, and in what time. */
    | { readonly status: 'hit'; readonly run: string; readonly task: string; readonly finishedAt: string; readonly seconds: number }
    /** `unkept` says why the store does not have what was made. */
    | { readonly status: 'miss'; readonly unkept?: string };
  readonly fingerprint: Fingerprint;
  /** Values of environment variables as digests. */
  readonly parts: FingerprintParts;
  readonly outputs: Readonly<Record<string, ArtifactReference>>;
  readonly results: Readonly<Record<string, Json>>;
  /** Of this execution, from start to end. */
  readonly seconds: number;
}

/** Writes it whole or not at all. */
export async function writeStepRecord(path: string, record: StepRecord): Promise<void> {
  await writeFile(`${path}.tmp`, canonicalJson(record));
  await rename(`${path}.tmp`, path);
}
