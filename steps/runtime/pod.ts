import { CLUSTER_VARIABLES } from '../../dsl/contract/index.ts';

/** What the harness knows of the pod that it runs in; see dsl/contract/cluster.ts. */
export interface Pod {
  readonly run: string;
  /** The instance, named as a run on a laptop names it: `train`, in a loop `train(3)`. */
  readonly task: string;
  /** Where the store is; undefined where there is none, and so no cache. */
  readonly store: string | undefined;
  /** Whether the author lets the task be taken from the cache. */
  readonly caches: boolean;
  /** Where to write the step's record. */
  readonly record: string | undefined;
}

/** Undefined on a laptop. */
export function podOf(environment: Readonly<Record<string, string | undefined>>): Pod | undefined {
  const { run, task, items, cache, record } = CLUSTER_VARIABLES;
  const name = environment[task];
  if (!name) return undefined;
  const numbers = (environment[items] || '').split('/').filter((text) => text !== '').map(Number);
  return {
    run: environment[run] ?? '',
    task: name + numbers.map((number) => `(${number})`).join(''),
    store: environment['PIPEWRIGHT_STORE'] || undefined,
    caches: environment[cache] !== 'off',
    record: environment[record] || undefined,
  };
}
