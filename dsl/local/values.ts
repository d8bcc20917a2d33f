import type { ArtifactReference } from '../../store/index.ts';
import type { Json } from '../util/index.ts';
import { instanceName } from './instance.ts';

/** What a task that succeeded hands to others. */
export interface Produced {
  readonly results: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, ArtifactReference>>;
}

/**
 * All that is known so far in a run, by instance. A reference names a node; which instance it means follows from where
 * it is read: the two share the loops around both, so the first item numbers of the reader name the producer.
 */
export class Values {
  readonly parameters: Readonly<Record<string, Json>>;
  /** For the exit handler. */
  status: 'Succeeded' | 'Failed' | 'Error' | undefined;
  readonly #depths: ReadonlyMap<string, number>;
  readonly #produced = new Map<string, Produced>();
  readonly #items = new Map<string, readonly Json[]>();
  readonly #branches = new Map<string, 'then' | 'otherwise'>();

  constructor(parameters: Readonly<Record<string, Json>>, depths: ReadonlyMap<string, number>) {
    this.parameters = parameters;
    this.#depths = depths;
  }

  nameOf(node: string, at: readonly number[]): string {
    return instanceName(node, at.slice(0, this.depthOf(node)));
  }

  depthOf(node: string): number {
    return this.#depths.get(node) ?? 0;
  }

  setProduced(node: string, at: readonly number[], produced: Produced): void {
    this.#produced.set(this.nameOf(node, at), produced);
  }

  setItems(loop: string, at: readonly number[], items: readonly Json[]): void {
    this.#items.set(this.nameOf(loop, at), items);
  }

  setBranch(when: string, at: readonly number[], branch: 'then' | 'otherwise'): void {
    this.#branches.set(this.nameOf(when, at), branch);
  }

  /** Undefined when the task was skipped. */
  producedBy(task: string, at: readonly number[]): Produced | undefined {
    return this.#produced.get(this.nameOf(task, at));
  }

  /** Undefined when the loop was skipped because of a condition around it; an empty list when its list was empty. */
  itemsOf(loop: string, at: readonly number[]): readonly Json[] | undefined {
    return this.#items.get(this.nameOf(loop, at));
  }

  branchOf(when: string, at: readonly number[]): 'then' | 'otherwise' | undefined {
    return this.#branches.get(this.nameOf(when, at));
  }
}
