import type { Json } from '../util/index.ts';
import type { Change } from './cache-record.ts';
import type { Reason } from './run-record.ts';
import type { RunStatus, Status } from './status.ts';

/*
 * All that happens in a run, as a closed union: a presenter switches over `kind` exhaustively, so a new kind of event
 * stops the build in each of them. `at` is milliseconds since 1970, times are seconds.
 *
 * Order: RunStarted first, RunEnded last. For each task instance: TaskStarted, then per attempt AttemptStarted, any
 * number of LogLine and Progress, AttemptEnded, and between two attempts RetryScheduled; TaskEnded last. A task that
 * takes outputs from the cache, is skipped, omitted or cancelled before its turn has only TaskEnded.
 */

interface Happened { readonly at: number }
/** `task` is the name of an instance: `train`, in a loop `train(0)`, in two loops `train(0)(2)`. `node` is its identifier in the pipeline. */
interface OfTask extends Happened { readonly task: string; readonly node: string }
interface OfAttempt extends OfTask { readonly attempt: number }

export interface RunStarted extends Happened {
  readonly kind: 'RunStarted';
  readonly run: string;
  readonly pipeline: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly executor: string;
  /** 0: as many as a cluster has room for. */
  readonly maximumParallel: number;
  readonly seed?: number;
}
/** A condition was evaluated; the other branch is skipped. */
export interface BranchTaken extends Happened { readonly kind: 'BranchTaken'; readonly group: string; readonly node: string; readonly branch: 'then' | 'otherwise' }
/** A loop's list is known. */
export interface LoopExpanded extends Happened { readonly kind: 'LoopExpanded'; readonly group: string; readonly node: string; readonly items: number }
/** A condition or loop and all in it has ended. */
export interface GroupEnded extends Happened { readonly kind: 'GroupEnded'; readonly group: string; readonly node: string; readonly status: Status; readonly reason?: Reason }
/** A task has to work; `because` says why its outputs could not be taken from an earlier run, see `Miss`. */
export interface TaskStarted extends OfTask { readonly kind: 'TaskStarted'; readonly step: string; readonly because: Miss }
export interface AttemptStarted extends OfAttempt { readonly kind: 'AttemptStarted' }
/** One line that a step printed, without its line break. In no file but the attempt's own log. */
export interface LogLine extends OfAttempt { readonly kind: 'LogLine'; readonly stream: 'stdout' | 'stderr'; readonly line: string }
/** A step says how far it is. */
export interface Progress extends OfAttempt { readonly kind: 'Progress'; readonly done: number; readonly total: number; readonly note?: string }
export interface AttemptEnded extends OfAttempt { readonly kind: 'AttemptEnded'; readonly status: Status; readonly seconds: number; readonly exitCode?: number; readonly reason?: Reason }
export interface RetryScheduled extends OfTask { readonly kind: 'RetryScheduled'; readonly nextAttempt: number; readonly afterSeconds: number }
export interface TaskEnded extends OfTask {
  readonly kind: 'TaskEnded';
  readonly step: string;
  readonly status: Status;
  /** Where the outputs were taken from, if the task did not have to work. */
  readonly cached?: { readonly run: string; readonly task: string };
  readonly seconds: number;
  readonly results: Readonly<Record<string, Json>>;
  readonly reason?: Reason;
}
/** The user asked to stop, or the pipeline's time is up; what runs is being ended, then the exit handler runs. */
export interface RunStopping extends Happened { readonly kind: 'RunStopping'; readonly why: 'cancelled' | 'timeout' | 'terminated' }
/** The body has ended; the tasks of the exit handler follow. */
export interface ExitHandlerStarted extends Happened { readonly kind: 'ExitHandlerStarted'; readonly status: 'Succeeded' | 'Failed' | 'Error' }
export interface RunEnded extends Happened { readonly kind: 'RunEnded'; readonly run: string; readonly status: RunStatus; readonly seconds: number; readonly counts: Readonly<Partial<Record<Status, number>>>; readonly cached: number; readonly reason?: Reason }

export type RunEvent =
  | RunStarted | BranchTaken | LoopExpanded | GroupEnded | TaskStarted | AttemptStarted | LogLine | Progress | AttemptEnded
  | RetryScheduled | TaskEnded | RunStopping | ExitHandlerStarted | RunEnded;

/** Why a task has to work. */
export type Miss =
  /** The cache is off, for this task or for the run. */
  | { readonly why: 'off' }
  /** No earlier run of this pipeline has come to this task. */
  | { readonly why: 'first' }
  /** Compared with the last run that came to this task. */
  | { readonly why: 'changed'; readonly changes: readonly Change[]; readonly since: string }
  /** Nothing changed, but that run did not succeed here, or its record is no longer in the store. */
  | { readonly why: 'unrecorded'; readonly since: string }
  /** There is a record, but its artifacts are no longer in the store. */
  | { readonly why: 'lost'; readonly missing: readonly string[] }
  /** Not known yet: on a cluster the step itself looks for an earlier result, and tells when it has ended. */
  | { readonly why: 'undecided' };
