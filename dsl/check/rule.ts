import type { Issue, SourceLocation } from '../errors/index.ts';
import type { Node, Pipeline, Place } from '../ir/index.ts';

/** What every rule is given; computed once for all. */
export interface Context {
  readonly pipeline: Pipeline;
  /** Every node, groups and their contents, in the order of declaration. Nodes with the same identifier are all here. */
  readonly nodes: readonly Node[];
  readonly places: ReadonlyMap<string, Place>;
  /** Where each step is used first: the best place to point at for a mistake in its contract. */
  readonly usedAt: ReadonlyMap<string, SourceLocation | undefined>;
}

/** One thing to demand of a pipeline. It reports everything that breaks it and never throws. */
export type Rule = (context: Context) => Iterable<Issue>;
