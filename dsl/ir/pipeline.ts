import type { ParameterDeclaration, StepContract } from '../contract/index.ts';
import type { SourceLocation } from '../errors/index.ts';
import type { Node } from './nodes/index.ts';
import type { Schedule } from './schedule.ts';

/** Bumped when a reader of an older version would misunderstand a document. */
export const IR_VERSION = 1;

/**
 * A pipeline as plain, frozen, JSON-serialisable data: what `dsl/build` makes, `dsl/check` proves, and both backends read.
 * Identifiers are unique over the whole pipeline, so a reference is just an identifier, however deep its node lies.
 */
export interface Pipeline {
  readonly kind: 'Pipeline';
  readonly irVersion: typeof IR_VERSION;
  readonly name: string;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  /** Contracts by name; each once, however many tasks use it. */
  readonly steps: Readonly<Record<string, StepContract>>;
  readonly body: readonly Node[];
  /** Runs after everything else, whatever happened. Its tasks see parameters and the run's status, nothing of the body. */
  readonly onExit: readonly Node[];
  /** How many steps may run at once. */
  readonly parallelism?: number;
  /** The whole run is stopped after this time. */
  readonly timeoutSeconds: number;
  readonly schedule?: Schedule;
  readonly location?: SourceLocation | undefined;
}

declare const checked: unique symbol;

/** A pipeline that `dsl/check` found no fault with. Backends accept nothing else, so a check cannot be forgotten. */
export type CheckedPipeline = Pipeline & { readonly [checked]: true };
