import type { Status } from '../../dsl/local/status.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';

/** What became of one instance of a task. */
export interface TaskOutcome {
  readonly status: Status | 'none';
  readonly attempts: number;
  readonly results: Readonly<Record<string, Json>>;
  /** Digests, as the store has them: of a folder that of its manifest. */
  readonly outputs: Readonly<Record<string, Digest>>;
  /** For people: why it did not succeed. */
  readonly message?: string;
}

/** What became of a run, in the same words for both backends. */
export interface Outcome {
  readonly status: string;
  /** By instance: `train(0)`. */
  readonly tasks: Readonly<Record<string, TaskOutcome>>;
  readonly seconds: number;
  readonly message?: string;
}
