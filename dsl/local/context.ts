import type { Fingerprint, StepContract } from '../contract/index.ts';
import type { CheckedPipeline, Place } from '../ir/index.ts';
import type { Digest } from '../util/index.ts';
import type { Store } from '../../store/index.ts';
import type { Cache, CacheRecord } from './cache-record.ts';
import type { RunEvent } from './event.ts';
import type { Executor } from './executor.ts';
import type { History } from './history.ts';
import type { RunFolder } from './run-folder.ts';
import type { GroupSummary, TaskSummary } from './run-record.ts';
import type { Slots } from './slots.ts';
import type { Values } from './values.ts';

/** Why a phase ends before its time. */
export type Halt = 'cancelled' | 'timeout' | 'terminated';

/** The body or the exit handler. When its signal is aborted, what runs is ended and nothing is begun. */
export interface Phase {
  readonly signal: AbortSignal;
  readonly halted: () => Halt | undefined;
}

/** What all tasks of one run share. */
export interface RunContext {
  readonly pipeline: CheckedPipeline;
  readonly places: ReadonlyMap<string, Place>;
  readonly folder: RunFolder;
  readonly store: Store;
  readonly executor: Executor;
  readonly codeOf: (contract: StepContract) => Promise<Digest>;
  readonly values: Values;
  readonly cache: Cache;
  readonly reads: boolean;
  readonly writes: boolean;
  readonly history: History;
  /** Executions under way, by fingerprint: a second one with the same waits for the first. */
  readonly underWay: Map<Fingerprint, Promise<CacheRecord | undefined>>;
  /** Places for steps at work. */
  readonly slots: Slots;
  /** Places for looking things up, so that ten thousand tasks do not open ten thousand files. */
  readonly lookups: Slots;
  /** When a node becomes ready: its place in the queue. */
  readonly nextOrder: () => number;
  /** The numbers 0 … length − 1 in the order in which a loop's items are begun. */
  readonly inTurn: (length: number) => readonly number[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly graceSeconds: number;
  readonly keep: 'none' | 'failed' | 'all';
  readonly emit: (event: RunEvent) => void;
  readonly tasks: TaskSummary[];
  readonly groups: GroupSummary[];
}
