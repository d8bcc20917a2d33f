import { pipeline as build, type RootScope } from '../../dsl/build/index.ts';
import type { Duration } from '../../dsl/build/duration.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import type { ParameterPorts } from '../../dsl/contract/index.ts';
import type { CheckedPipeline, Pipeline } from '../../dsl/ir/index.ts';
import type { Status } from '../../dsl/local/status.ts';
import type { Json } from '../../dsl/util/index.ts';

/** What a file holds; of a folder, what its files hold by their paths. */
export type Content = string | Uint8Array | { readonly [path: string]: string | Uint8Array };

/** What is demanded of one instance of a task. What is not said is not demanded of it, but both backends must agree on it. */
export interface ExpectedTask {
  readonly status: Status;
  readonly results?: Readonly<Record<string, Json>>;
  readonly outputs?: Readonly<Record<string, Content>>;
  /** How often its program was started. */
  readonly attempts?: number;
}

/** What is demanded of a run: every instance of every task, and how the run ended. */
export interface Expected {
  readonly status: 'Succeeded' | 'Failed' | 'Error';
  readonly tasks: Readonly<Record<string, ExpectedTask>>;
  /** Statuses on a cluster where they differ: only what the last section of docs/semantics.md lists. */
  readonly onCluster?: { readonly status?: Expected['status']; readonly tasks?: Readonly<Record<string, Status>> };
}

/** A small pipeline, what it is started with, and what must come of it on every backend. */
export interface ParityCase {
  readonly name: string;
  readonly pipeline: CheckedPipeline;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly expected: Expected;
}

interface CaseOptions<P> {
  readonly params?: P;
  /** What the run is started with; the others have their defaults. */
  readonly given?: Readonly<Record<string, Json>>;
  readonly timeout?: Duration;
  readonly parallelism?: number;
}

type Tasks = Readonly<Record<string, ExpectedTask | Status>>;

export function parity<const P extends ParameterPorts = {}>(
  name: string, { given = {}, ...options }: CaseOptions<P>, body: (scope: RootScope<P>) => void, tasks: Tasks, more: Partial<Omit<Expected, 'tasks'>> = {},
): ParityCase {
  const graph = build(`parity-${name}`, options, body) as Pipeline;
  const expected = Object.fromEntries(Object.entries(tasks).map(([task, demand]) => [task, typeof demand === 'string' ? { status: demand } : demand]));
  return { name, pipeline: demandChecked(graph), parameters: given, expected: { status: 'Succeeded', ...more, tasks: expected } };
}

/** A task that did its work. */
export function did(results: ExpectedTask['results'] = {}, outputs: ExpectedTask['outputs'] = {}): ExpectedTask {
  return { status: 'Succeeded', results, outputs };
}
