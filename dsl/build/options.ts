import type { V1PodSpec } from '@kubernetes/client-node';
import type { Resources } from '../contract/index.ts';
import type { Retry } from '../ir/index.ts';
import { toSeconds, type Duration } from './duration.ts';

type DeepPartial<T> = T extends readonly (infer E)[] ? readonly DeepPartial<E>[] : T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

/** A strategic-merge patch of the pod, typed by Kubernetes itself; the Argo backend applies it, a laptop has no pod. */
export type PodPatch = DeepPartial<V1PodSpec>;

export interface RetryOptions {
  /** How often a failed step is tried again: 2 means at most three attempts. */
  readonly limit: number;
  /** The pause before the first retry. */
  readonly wait?: Duration;
  /** How much longer each further pause is than the one before. 2 unless stated. */
  readonly factor?: number;
  /** No pause is longer than this. */
  readonly longestWait?: Duration;
}

/** Nodes to wait for although nothing of theirs is read: what `task`, `when` or `forEach` returned. */
export type After = readonly (object | undefined)[];

export interface TaskOptions {
  /** The name in the graph and of the pod; the step's own name unless stated. */
  readonly name?: string;
  readonly after?: After;
  readonly retry?: RetryOptions;
  /** For one attempt. */
  readonly timeout?: Duration;
  readonly resources?: Resources;
  /** False: run it every time. */
  readonly cache?: boolean;
  readonly pod?: PodPatch;
}

export interface GroupOptions {
  readonly name?: string;
  readonly after?: After;
}

export interface ForEachOptions extends GroupOptions {
  /** How many items may run at once. */
  readonly parallelism?: number;
}

export function toRetry(options: RetryOptions): Retry {
  if (options.wait === undefined) return { limit: options.limit };
  return {
    limit: options.limit,
    backoff: {
      seconds: toSeconds(options.wait),
      factor: options.factor ?? 2,
      ...(options.longestWait === undefined ? {} : { maximumSeconds: toSeconds(options.longestWait) }),
    },
  };
}
