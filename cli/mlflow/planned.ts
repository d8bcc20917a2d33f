import type { Readable } from 'node:stream';
import type { Digest } from '../../dsl/util/index.ts';
import type { ArtifactReference } from '../../store/index.ts';
import type { Metric, Pair } from './batches.ts';
import type { DatasetInput } from './client.ts';

/** A file that goes to a run's artifacts. */
export interface PlannedFile {
  readonly path: string;
  open(): Promise<Readable>;
}

export interface PlannedModel {
  /** `train-0.model`. */
  readonly name: string;
  readonly reference: ArtifactReference;
  readonly params: readonly Pair[];
  readonly tags: readonly Pair[];
}

/** All that one MLflow run will have, decided before anything is sent. */
export interface PlannedRun {
  /** By which it is found again: the identifier of the run, or that of the run and the name of the task. */
  readonly key: string;
  readonly name: string;
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
  /** ms since 1970, from the run's record: a second export sends the very same. */
  readonly startTime: number;
  readonly endTime: number;
  readonly params: readonly Pair[];
  readonly metrics: readonly Metric[];
  readonly tags: readonly Pair[];
  readonly datasets: readonly DatasetInput[];
  readonly files: readonly PlannedFile[];
  readonly models: readonly PlannedModel[];
  readonly children: readonly PlannedRun[];
  /** What people should know: what was shortened or left out. */
  readonly notices: readonly string[];
  /** Of all the above. */
  readonly digest: Digest;
}
