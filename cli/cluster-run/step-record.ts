import type { StepRecord } from '../../steps/runtime/step-record.ts';
import { isArtifactReference } from '../../store/index.ts';
import { isDigest } from '../../dsl/util/index.ts';

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
