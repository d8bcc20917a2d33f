import type { SourceLocation } from '../../errors/index.ts';
import type { Resources } from '../../contract/index.ts';
import type { ArtifactSource } from '../artifact-source.ts';
import type { Expression } from '../expressions/index.ts';

/** How often a step is tried again. Attempts = limit + 1. A step that ends with exit code 64 is never tried again. */
export interface Retry {
  readonly limit: number;
  /** The pause before the first retry, in seconds; each later one is `factor` times as long, up to `maximumSeconds`. */
  readonly backoff?: { readonly seconds: number; readonly factor: number; readonly maximumSeconds?: number };
}

/** One execution of a step: the only node that becomes a pod. */
export interface Task {
  readonly kind: 'Task';
  /** Unique in the pipeline. */
  readonly id: string;
  /** The name of its contract in `Pipeline.steps`. */
  readonly step: string;
  /** A value for every parameter of the contract, defaults included. */
  readonly parameters: Readonly<Record<string, Expression>>;
  /** A source for every input of the contract but the optional ones left out. */
  readonly inputs: Readonly<Record<string, ArtifactSource>>;
  /** Nodes to wait for although nothing of theirs is read. */
  readonly after: readonly string[];
  readonly retry?: Retry;
  readonly timeoutSeconds?: number;
  readonly resources?: Resources;
  /** False: always run, never take outputs from an earlier run. */
  readonly cache: boolean;
  /** A typed strategic-merge patch of the pod, applied by the Argo backend only. */
  readonly podPatch?: object;
  readonly location?: SourceLocation | undefined;
}
