import type { StepContract } from '../contract/index.ts';
import type { Digest, Json } from '../util/index.ts';
import type { Store } from '../../store/index.ts';
import type { RunEvent } from './event.ts';
import type { Executor } from './executor.ts';
import type { RunStatus } from './status.ts';
import type { Reason, TaskSummary } from './run-record.ts';

export interface RunOptions {
  /** Values of the pipeline's parameters; what is left out takes its default. */
  readonly parameters?: Readonly<Record<string, Json>>;
  /** The folder of all runs, usually `.pipewright`; made if need be. */
  readonly folder: string;
  readonly store: Store;
  readonly executor: Executor;
  /** The identity of a step's code; see `createBundler` and `commandDigest`. */
  readonly code: (contract: StepContract) => Promise<Digest>;
  /** Stops the run as `argo stop` does: what runs is ended, the exit handler still runs. */
  readonly signal?: AbortSignal;
  /** Stops everything, the exit handler too, as `argo terminate` does. */
  readonly terminate?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** How many steps run at once; by default one for each processor. The pipeline's own limit holds as well. */
  readonly maximumParallel?: number;
  /** Starts independent work in a random order, the same for the same seed; without it, in the order of declaration. */
  readonly seed?: number;
  /** True (default): take outputs from earlier runs and keep new ones. `read` or `write`: only the one. False: neither. */
  readonly cache?: boolean | 'read' | 'write';
  /** Which attempts' work folders are kept in the run folder, to look at: none (default), those that failed, or all. */
  readonly keep?: 'none' | 'failed' | 'all';
  /** Between SIGTERM and SIGKILL; 5 by default. */
  readonly graceSeconds?: number;
  /** The variables that a step may declare; `process.env` by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface RunOutcome {
  readonly id: string;
  readonly status: RunStatus;
  /** In the order of the pipeline, instances of a loop in the order of its items. */
  readonly tasks: readonly TaskSummary[];
  /** The run's own folder, below the one in the options. */
  readonly folder: string;
  /** Why the run as a whole did not succeed, where that is not the fault of one task. */
  readonly reason?: Reason;
}
