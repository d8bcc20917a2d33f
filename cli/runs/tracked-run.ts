import type { FoundRun, TaskRecord } from '../../dsl/local/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { TaskFigures } from '../report/run-document.ts';
import { headlineMetrics } from './headline-metrics.ts';

/** A run as a table of runs sees it: flat, and small enough to keep a thousand of them in memory. */
export interface TrackedRun {
  readonly id: string;
  readonly pipeline: string;
  readonly status: FoundRun['status'];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly seconds?: number;
  readonly executor: string;
  readonly tasks: number;
  readonly cached: number;
  readonly parameters: Readonly<Record<string, Json>>;
  /** Numbers by name: results of tasks (`evaluate.accuracy`), then headline figures (`evaluate.auc-roc`). */
  readonly metrics: Readonly<Record<string, number>>;
  /** Results of tasks that are no numbers: `evaluate.decision`. */
  readonly results: Readonly<Record<string, Json>>;
}

export function trackRun(run: FoundRun, tasks: readonly Pick<TaskRecord, 'task' | 'results'>[], figures: readonly TaskFigures[]): TrackedRun {
  const ofTasks = tasks.flatMap(({ task, results }) => Object.entries(results).map(([name, value]) => [`${task}.${name}`, value] as const));
  return {
    id: run.id, pipeline: run.pipeline, status: run.status, startedAt: run.startedAt,
    ...(run.finishedAt === undefined ? {} : { finishedAt: run.finishedAt }),
    ...(run.seconds === undefined ? {} : { seconds: run.seconds }),
    executor: run.executor,
    tasks: run.tasks.length,
    cached: run.tasks.filter((task) => task.cached).length,
    parameters: run.parameters,
    // A result is what its step says of itself: where a figure has the same name, the result stands.
    metrics: Object.fromEntries([...headlineMetrics(figures), ...ofTasks.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []))]),
    results: Object.fromEntries(ofTasks.filter(([, value]) => typeof value !== 'number')),
  };
}
