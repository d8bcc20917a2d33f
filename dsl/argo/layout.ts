import { indexNodes, scopesOf, siblingDependencies, type CheckedPipeline, type ForEach, type Node, type Place, type Task, type When } from '../ir/index.ts';
import { findCollections, isSingleStep, type Collections } from './collection.ts';
import { mayBeEmpty } from './loop.ts';
import { Names, taskNameOf } from './names.ts';
import { addDependency, Scope, type Call, type Condition } from './scope.ts';
import { split, type Part } from './split.ts';
import type { Limits } from './limits.ts';

/**
 * Where every node of a pipeline goes: which DAG, under which name, and which call waits for which. A group becomes a
 * DAG of its own, so that its condition or list is evaluated once; a group of one step becomes that step with a
 * condition or a loop, which is shorter and reads better in Argo's graph.
 */
export interface Layout {
  readonly body: Scope;
  readonly onExit: Scope | undefined;
  /** All scopes, each after the one it is in. */
  readonly scopes: readonly Scope[];
  readonly collections: Collections;
  readonly places: ReadonlyMap<string, Place>;
  /** The call of a task's step. */
  readonly taskCall: (task: string) => Call;
  /** The call that is executed when the branch is taken; undefined when the branch is empty. */
  readonly branchCall: (when: string, branch: 0 | 1) => Call | undefined;
  /** The call that is repeated. */
  readonly loopCall: (loop: string) => Call;
  /** Names of further calls and scopes. */
  readonly names: Names;
}

export function layOut(pipeline: CheckedPipeline, limits: Limits): Layout {
  return new LayoutBuilder(pipeline, limits).build();
}

class LayoutBuilder {
  readonly #pipeline: CheckedPipeline;
  readonly #limits: Limits;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #edges: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #collections: Collections;
  readonly #names = new Names();
  readonly #taskNames = new Map<string, string>();
  readonly #scopes: Scope[] = [];
  readonly #taskCalls = new Map<string, Call>();
  readonly #branchCalls = new Map<string, readonly [Call | undefined, Call | undefined]>();
  readonly #loopCalls = new Map<string, Call>();
  /** The calls that stand for a node where its siblings are: both branches of a when, the wrapper of a loop. */
  readonly #standIns = new Map<string, readonly Call[]>();

  constructor(pipeline: CheckedPipeline, limits: Limits) {
    this.#pipeline = pipeline;
    this.#limits = limits;
    this.#places = indexNodes(pipeline);
    this.#edges = siblingDependencies(pipeline, this.#places);
    this.#collections = findCollections([...this.#places.values()].map(({ node }) => node));
    for (const id of this.#places.keys()) this.#taskNames.set(id, this.#names.claim(taskNameOf(id)));
  }

  build(): Layout {
    const { body, onExit } = this.#pipeline;
    const main = this.#addScope(new Scope({ name: 'main', ...(this.#pipeline.description === undefined ? {} : { description: this.#pipeline.description }) }), body);
    const exit = onExit.length > 0 ? this.#addScope(new Scope({ name: 'on-exit' }), onExit) : undefined;
    for (const [id, dependencies] of this.#edges) {
      for (const dependency of dependencies) {
        for (const from of this.#standIns.get(id) ?? []) {
          for (const to of this.#standIns.get(dependency) ?? []) addDependency(from, to);
        }
      }
    }
    return {
      body: main,
      onExit: exit,
      scopes: this.#scopes,
      collections: this.#collections,
      places: this.#places,
      taskCall: (task) => this.#taskCalls.get(task)!,
      branchCall: (when, branch) => this.#branchCalls.get(when)![branch],
      loopCall: (loop) => this.#loopCalls.get(loop)!,
      names: this.#names,
    };
  }

  #addScope(scope: Scope, nodes: readonly Node[]): Scope {
    this.#scopes.push(scope);
    this.#fill(scope, split(nodes, this.#edges, this.#limits.tasks, scope.name));
    return scope;
  }

  #fill(scope: Scope, units: readonly (Node | Part)[]): void {
    for (const unit of units) {
      if (unit.kind === 'Part') {
        const part = new Scope({ name: this.#names.claim(`${scope.name}-part`), parent: scope });
        this.#scopes.push(part);
        scope.add({ name: part.name, action: { kind: 'scope', scope: part } });
        this.#fill(part, unit.units);
      } else this.#place(scope, unit);
    }
  }

  #place(scope: Scope, node: Node): void {
    switch (node.kind) {
      case 'Task':
        this.#standIns.set(node.id, [this.#placeTask(scope, node)]);
        return;
      case 'When':
        this.#standIns.set(node.id, this.#placeWhen(scope, node));
        return;
      case 'ForEach':
        this.#standIns.set(node.id, [this.#placeLoop(scope, node)]);
    }
  }

  #placeTask(scope: Scope, task: Task, more: { condition?: Condition; loop?: ForEach } = {}): Call {
    const call = scope.add({ name: this.#taskNames.get(task.id)!, action: { kind: 'step', task }, ...more });
    this.#taskCalls.set(task.id, call);
    return call;
  }

  #placeWhen(scope: Scope, when: When): readonly Call[] {
    const calls = scopesOf(when).map((nodes, branch) => {
      const [only] = nodes;
      if (!only) return undefined;
      const condition: Condition = { kind: 'holds', expression: when.condition, negated: branch === 1 };
      if (only.kind === 'Task' && nodes.length === 1) return this.#placeTask(scope, only, { condition });
      const name = branch === 0 ? this.#taskNames.get(when.id)! : this.#names.claim(`${when.id}-else`);
      const inner = new Scope({ name, parent: scope });
      const call = scope.add({ name, action: { kind: 'scope', scope: inner }, condition });
      this.#addScope(inner, nodes);
      return call;
    });
    this.#branchCalls.set(when.id, [calls[0], calls[1]]);
    return calls.filter((call) => call !== undefined);
  }

  #placeLoop(scope: Scope, loop: ForEach): Call {
    const name = this.#taskNames.get(loop.id)!;
    if (loop.parallelism === undefined) {
      const call = this.#placeRepeated(scope, loop, name);
      this.#loopCalls.set(loop.id, call);
      return call;
    }
    // Argo limits how many children of one DAG run at once, so the loop alone gets one.
    const wrapper = new Scope({ name, parent: scope, parallelism: loop.parallelism });
    this.#scopes.push(wrapper);
    const condition: Condition | undefined = mayBeEmpty(loop) ? { kind: 'nonEmpty', items: loop.items } : undefined;
    const call = scope.add({ name, action: { kind: 'scope', scope: wrapper }, ...(condition ? { condition } : {}) });
    this.#loopCalls.set(loop.id, this.#placeRepeated(wrapper, loop, this.#names.claim(`${loop.id}-item`)));
    return call;
  }

  #placeRepeated(scope: Scope, loop: ForEach, name: string): Call {
    const [only] = loop.body;
    if (only?.kind === 'Task' && isSingleStep(loop, this.#collections)) return this.#placeTask(scope, only, { loop });
    const body = new Scope({ name, parent: scope, body: loop });
    const call = scope.add({ name, action: { kind: 'scope', scope: body }, loop });
    this.#addScope(body, loop.body);
    return call;
  }
}
