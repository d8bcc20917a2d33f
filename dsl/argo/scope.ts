import type { Expression, ForEach, Task } from '../ir/index.ts';
import type { Artifact, Parameter, Ports } from './types.ts';

/** Why a call may be skipped. */
export type Condition =
  | { readonly kind: 'holds'; readonly expression: Expression; readonly negated: boolean }
  /** The loop inside has at least one item. */
  | { readonly kind: 'nonEmpty'; readonly items: Expression };

/** What a call executes: the one pod of a task, another DAG, or the choice between two artifacts. */
export type Action =
  | { readonly kind: 'step'; readonly task: Task }
  | { readonly kind: 'scope'; readonly scope: Scope }
  | { readonly kind: 'pick'; readonly arguments: Ports };

/** A task of a DAG. "Call" because Argo's word means a step in this code base. */
export interface Call {
  readonly name: string;
  readonly scope: Scope;
  readonly action: Action;
  readonly condition?: Condition;
  /** Executed once for each item of this loop. */
  readonly loop?: ForEach;
  /** Names of the calls in the same scope that must have succeeded or been skipped. */
  readonly dependencies: Set<string>;
}

/** A value that enters or leaves a DAG: a declared port and, for an entering one, what the call gives to it. */
export interface EnteringParameter { readonly port: Parameter; readonly argument: Parameter }
export interface EnteringArtifact { readonly port: Artifact; readonly argument: Artifact }

interface ScopeOptions {
  /** The wish for its template's name; also the first part of names derived from it. */
  readonly name: string;
  readonly parent?: Scope;
  /** The loop whose body this is. */
  readonly body?: ForEach;
  readonly parallelism?: number;
  readonly description?: string;
}

/**
 * A list of nodes that becomes one DAG template. What crosses its border is found while arguments are compiled: a
 * reference to something outside adds an entering port, a reference from outside adds a leaving one.
 */
export class Scope {
  readonly name: string;
  readonly parent: Scope | undefined;
  readonly body: ForEach | undefined;
  readonly parallelism: number | undefined;
  readonly description: string | undefined;
  readonly depth: number;
  readonly calls: Call[] = [];
  readonly entering = new Map<string, EnteringParameter>();
  readonly leaving = new Map<string, Parameter>();
  readonly enteringArtifacts = new Map<string, EnteringArtifact>();
  readonly leavingArtifacts = new Map<string, Artifact>();
  #call: Call | undefined;

  constructor(options: ScopeOptions) {
    this.name = options.name;
    this.parent = options.parent;
    this.body = options.body;
    this.parallelism = options.parallelism;
    this.description = options.description;
    this.depth = options.parent ? options.parent.depth + 1 : 0;
  }

  /** The call that executes this scope; the two roots have none. */
  get call(): Call | undefined {
    return this.#call;
  }

  /** Appends a call, or puts it before another one. */
  add(call: Omit<Call, 'scope' | 'dependencies'>, before?: Call): Call {
    const added: Call = { ...call, scope: this, dependencies: new Set() };
    if (before) this.calls.splice(this.calls.indexOf(before), 0, added);
    else this.calls.push(added);
    if (added.action.kind === 'scope') added.action.scope.#call = added;
    return added;
  }

  /** The scope that has this one as its parent and contains the other, or is it; undefined when the other is not inside. */
  childToward(other: Scope): Scope | undefined {
    let child: Scope | undefined = other;
    while (child && child.depth > this.depth + 1) child = child.parent;
    return child?.parent === this ? child : undefined;
  }
}

/** Lets one call wait for another, wherever they are: the edge stands between those around them that are siblings. */
export function addDependency(from: Call, to: Call): void {
  let [waiting, awaited] = [from, to];
  while (waiting.scope.depth > awaited.scope.depth) waiting = waiting.scope.call!;
  while (awaited.scope.depth > waiting.scope.depth) awaited = awaited.scope.call!;
  while (waiting.scope !== awaited.scope) {
    waiting = waiting.scope.call!;
    awaited = awaited.scope.call!;
  }
  if (waiting !== awaited) waiting.dependencies.add(awaited.name);
}
