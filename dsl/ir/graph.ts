import { outputsIn } from './artifact-source.ts';
import { childrenOf, type Expression } from './expressions/index.ts';
import { scopesOf, type Group, type Node } from './nodes/index.ts';
import type { Pipeline } from './pipeline.ts';

/** Where a node stands. */
export interface Place {
  readonly node: Node;
  /** The groups around it, outermost first. */
  readonly around: readonly Group[];
  /** Which list of the innermost group it is in (0 for `then` and loop bodies, 1 for `otherwise`); 0 at the top. */
  readonly branch: number;
  /** Of the pipeline's two roots. */
  readonly root: 'body' | 'onExit';
}

/** Every node by its identifier, in the order of declaration (a group before its contents). Linear in the size of the pipeline. */
export function indexNodes(pipeline: Pipeline): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const visit = (nodes: readonly Node[], around: readonly Group[], branch: number, root: Place['root']): void => {
    for (const node of nodes) {
      if (!places.has(node.id)) places.set(node.id, { node, around, branch, root });
      if (node.kind !== 'Task') scopesOf(node).forEach((scope, index) => visit(scope, [...around, node], index, root));
    }
  };
  visit(pipeline.body, [], 0, 'body');
  visit(pipeline.onExit, [], 0, 'onExit');
  return places;
}

/** The expressions that a node itself evaluates (not those of nodes inside it). */
export function expressionsOf(node: Node): readonly Expression[] {
  switch (node.kind) {
    case 'Task':
      return Object.values(node.parameters);
    case 'When':
      return [node.condition];
    case 'ForEach':
      return [node.items];
  }
}

/** Visits an expression and everything in it, parents first. */
export function walkExpression(expression: Expression, visit: (expression: Expression) => void): void {
  visit(expression);
  for (const child of childrenOf(expression)) walkExpression(child, visit);
}

/** Identifiers of the nodes that a node itself refers to: tasks whose results or outputs it reads, and its `after`. */
export function referencesOf(node: Node): ReadonlySet<string> {
  const found = new Set<string>(node.after);
  for (const expression of expressionsOf(node)) {
    walkExpression(expression, (inner) => {
      if (inner.kind === 'ResultReference') found.add(inner.task);
      if (inner.kind === 'Collection') found.add(inner.loop);
      if (inner.kind === 'Join') found.add(inner.when);
    });
  }
  if (node.kind === 'Task') {
    for (const source of Object.values(node.inputs)) {
      for (const output of outputsIn(source)) found.add(output.task);
    }
  }
  return found;
}

/**
 * The edges between siblings of each scope: for every node, the siblings that must end before it starts. A reference
 * from deep inside one group to deep inside another becomes an edge between those two of their ancestors that stand side
 * by side. Dependencies are never written by hand: a reference that is not also a dependency cannot exist.
 */
export function siblingDependencies(pipeline: Pipeline, places = indexNodes(pipeline)): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  for (const id of places.keys()) edges.set(id, new Set());
  for (const [id, place] of places) {
    for (const target of referencesOf(place.node)) {
      const other = places.get(target);
      if (!other || other.root !== place.root) continue;
      const from = [...place.around.map((group) => group.id), id];
      const to = [...other.around.map((group) => group.id), target];
      let depth = 0;
      while (depth < from.length - 1 && depth < to.length - 1 && from[depth] === to[depth]) depth++;
      if (from[depth] !== to[depth]) edges.get(from[depth]!)!.add(to[depth]!);
    }
  }
  return edges;
}

/** The nodes of a scope so that everything comes after what it depends on, otherwise in the order of declaration; or one cycle. */
export function sortScope(scope: readonly Node[], edges: ReadonlyMap<string, ReadonlySet<string>>): { readonly order: readonly Node[] } | { readonly cycle: readonly string[] } {
  const inScope = new Map(scope.map((node) => [node.id, node]));
  const state = new Map<string, 'open' | 'done'>();
  const order: Node[] = [];
  const path: string[] = [];
  // An explicit stack: a chain of ten thousand tasks must not overflow the call stack.
  for (const start of scope) {
    const stack: { id: string; rest: Iterator<string> }[] = [];
    const enter = (id: string): void => {
      state.set(id, 'open');
      path.push(id);
      stack.push({ id, rest: (edges.get(id) ?? new Set<string>())[Symbol.iterator]() });
    };
    if (!state.has(start.id)) enter(start.id);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const next = top.rest.next();
      if (next.done) {
        state.set(top.id, 'done');
        order.push(inScope.get(top.id)!);
        path.pop();
        stack.pop();
      } else if (inScope.has(next.value)) {
        const seen = state.get(next.value);
        if (seen === undefined) enter(next.value);
        else if (seen === 'open') return { cycle: [...path.slice(path.indexOf(next.value)), next.value] };
      }
    }
  }
  return { order };
}
