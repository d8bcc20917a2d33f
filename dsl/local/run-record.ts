import type { ErrorCode } from '../errors/index.ts';
import type { Fingerprint, FingerprintParts } from '../contract/index.ts';
import type { ArtifactReference } from '../../store/index.ts';
import type { Json } from '../util/index.ts';
import type { Miss } from './event.ts';
import type { RunStatus, Status } from './status.ts';

/*
 * What is in a run folder. All of it is plain JSON with relative names, so a run can be moved, archived or read by any
 * program.
 *
 *     .pipewright/
 *       runs/<id>/run.json                      RunRecord
 *                 pipeline.json                 the pipeline as it was (dsl/ir), without the author's paths
 *                 events.ndjson                 one RunEvent a line, but log lines and progress
 *                 tasks/<task>/task.json        TaskRecord
 *                              attempt-1.log    what the attempt printed, stdout and stderr as they came
 *       pipelines/<name>.json                   { latest: <id> }
 *       bundles/<step>-<digest>/main.mjs        the code of TypeScript steps
 *       work/<id>/<task>/<attempt>/             while an attempt works; gone afterwards
 *
 * `<id>` sorts by time: `20260131-235959-123-k3f9`, in UTC. A run on a cluster has the name of its workflow.
 */

/** Why something did not succeed: what is wrong, and how to mend it. */
export interface Reason {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string;
}

export interface RunRecord {
  readonly format: 'pipewright/run/1';
  readonly id: string;
  readonly pipeline: string;
  /** `Interrupted` is never written: a reader finds `Running` and no living process (see `readRun`). */
  readonly status: RunStatus | 'Running';
  readonly parameters: Readonly<Record<string, Json>>;
  readonly executor: string;
  /** 0: as many as a cluster has room for. */
  readonly maximumParallel: number;
  readonly seed?: number;
  /** The run of the same pipeline before this one. */
  readonly previous?: string;
  /** ISO times. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  /** Why the run as a whole did not succeed, where that is not the fault of one task: it was stopped, or its time was up. */
  readonly reason?: Reason;
  /** Who runs it, so that a reader can tell whether it still lives. */
  readonly process: ProcessIdentity;
  /** In the order of the pipeline; empty while it runs. */
  readonly tasks: readonly TaskSummary[];
  readonly groups: readonly GroupSummary[];
}

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot as /proc tells it, where there is one: an identifier may be given out again. */
  readonly start?: string;
  /** First digits of a digest of the host's name. */
  readonly host: string;
}

export interface TaskSummary {
  /** The instance: `train(0)`. */
  readonly task: string;
  /** The node of the pipeline: `train`. */
  readonly node: string;
  readonly step: string;
  /** Item numbers of the loops around it, outermost first. */
  readonly items: readonly number[];
  readonly status: Status;
  readonly cached: boolean;
  readonly attempts: number;
  /** From the moment it was ready to work; 0 for what never was. */
  readonly seconds: number;
  readonly reason?: Reason;
}

/** A condition or a loop. */
export interface GroupSummary {
  readonly group: string;
  readonly node: string;
  readonly kind: 'When' | 'ForEach';
  readonly items: readonly number[];
  readonly status: Status;
  readonly branch?: 'then' | 'otherwise';
  /** Number of items of a loop. */
  readonly length?: number;
  readonly reason?: Reason;
}

export interface TaskRecord extends Omit<TaskSummary, 'attempts'> {
  readonly format: 'pipewright/task/1';
  readonly run: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** A list where the input is a collection, null where an optional input is absent. */
  readonly inputs: Readonly<Record<string, ArtifactReference | readonly ArtifactReference[] | null>>;
  readonly outputs: Readonly<Record<string, ArtifactReference>>;
  readonly results: Readonly<Record<string, Json>>;
  /** Undefined for what never had its turn. Values of environment variables are digests, never the values. */
  readonly fingerprint?: Fingerprint;
  readonly parts?: FingerprintParts;
  readonly cache: CacheDecision;
  readonly attempts: readonly AttemptRecord[];
}

export type CacheDecision =
  | { readonly status: 'hit'; readonly run: string; readonly task: string; readonly finishedAt: string; readonly seconds: number }
  | { readonly status: 'miss'; readonly because: Miss }
  /** It never had its turn. */
  | { readonly status: 'unasked' };

export interface AttemptRecord {
  readonly attempt: number;
  readonly status: Status;
  readonly startedAt: string;
  readonly seconds: number;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Name of its log beside task.json. */
  readonly log: string;
  readonly reason?: Reason;
}
