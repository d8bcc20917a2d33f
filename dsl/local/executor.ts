import type { Resources, StepContract } from '../contract/index.ts';
import type { Reason } from './run-record.ts';

/** One attempt at one task. */
export interface Job {
  /** Unique on this machine, fit for the name of a container. */
  readonly name: string;
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly contract: StepContract;
  /** Text forms by parameter. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The attempt's own folder, an absolute path: `inputs/` is filled, `outputs/`, `results/` and `tmp/` are empty. */
  readonly folder: string;
  /** Variables that the step declares and that are set. */
  readonly environment: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** Between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

export type Ending =
  | { readonly kind: 'Exited'; readonly code: number }
  | { readonly kind: 'Signalled'; readonly signal: string }
  | { readonly kind: 'NotStarted'; readonly reason: Reason };

export interface Execution {
  /** Never rejects. When it resolves, no process of the job is left and each line was given to `onLine`. */
  readonly ended: Promise<Ending>;
  /** SIGTERM to all of its processes, SIGKILL after the grace. Harmless when it has ended. */
  stop(): void;
}

/** Who runs a step's program: a child process, a container, or this process. */
export interface Executor {
  readonly name: string;
  /** Throws a PipewrightError when it can run nothing at all; asked once, before a run starts. */
  prepare?(): Promise<void>;
  start(job: Job): Execution;
}
