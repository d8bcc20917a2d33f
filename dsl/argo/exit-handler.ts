import { PipewrightError } from '../errors/index.ts';
import { siblingDependencies, sortScope, type CheckedPipeline, type ForEach, type Node } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import { literalItems } from './loop.ts';

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Refuses an exit handler in which a step might have to wait for a place. Argo notes a task as a child of its DAG before
 * it asks whether there is room. Below an exit handler, and only there, the controller then looks every child up and
 * ends itself when one is missing (nodeRequiresTaskSetReconciliation in workflow/controller/taskset.go, 4.0.7), with all
 * other workflows of the cluster, again and again.
 */
export function checkExitHandler(pipeline: CheckedPipeline): void {
  const { onExit, parallelism } = pipeline;
  if (onExit.length === 0) return;
  const edges = siblingDependencies(pipeline);
  if (parallelism !== undefined) {
    const width = widthOf(onExit, edges);
    if (width > parallelism) {
      throw refusal(`The exit handler might run ${amount(width)} at once, but the pipeline allows ${parallelism}.`, 'Let its tasks wait for one another with after, or raise the parallelism of the pipeline.', onExit[0]!);
    }
  }
  for (const loop of loopsIn(onExit)) {
    if (loop.parallelism === undefined) continue;
    const items = literalItems(loop)?.length ?? Number.POSITIVE_INFINITY;
    if (items > loop.parallelism) {
      throw refusal(`The loop "${loop.id}" in the exit handler has ${items === Number.POSITIVE_INFINITY ? 'any number of' : items} items, but runs ${loop.parallelism} at once.`, 'Take the parallelism out of the loop, or do its work in one step.', loop);
    }
  }
}

function refusal(message: string, fix: string, node: Node): PipewrightError {
  return new PipewrightError({ code: 'PW201', message: `${message} Argo's controller crashes when a step of an exit handler has to wait for a place.`, fix, location: node.location });
}

function amount(width: number): string {
  return width === Number.POSITIVE_INFINITY ? 'any number of steps' : `${width} steps`;
}

function loopsIn(nodes: readonly Node[]): readonly ForEach[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'Task') return [];
    return node.kind === 'ForEach' ? [node, ...loopsIn(node.body)] : loopsIn([...node.then, ...node.otherwise]);
  });
}

/** An upper bound of the steps that can run at once: nodes that wait for one another share a chain, and chains run side by side. */
function widthOf(nodes: readonly Node[], edges: Edges): number {
  const sorted = sortScope(nodes, edges);
  const ancestors = new Map<string, Set<string>>();
  const chains: { last: string; width: number }[] = [];
  for (const node of 'order' in sorted ? sorted.order : nodes) {
    const above = new Set<string>();
    for (const id of edges.get(node.id) ?? []) {
      above.add(id);
      for (const ancestor of ancestors.get(id) ?? []) above.add(ancestor);
    }
    ancestors.set(node.id, above);
    const width = widthOfNode(node, edges);
    const chain = chains.find(({ last }) => above.has(last));
    if (!chain) chains.push({ last: node.id, width });
    else {
      chain.last = node.id;
      chain.width = Math.max(chain.width, width);
    }
  }
  return chains.reduce((sum, { width }) => sum + width, 0);
}

function widthOfNode(node: Node, edges: Edges): number {
  switch (node.kind) {
    case 'Task':
      return 1;
    case 'When':
      return Math.max(widthOf(node.then, edges), widthOf(node.otherwise, edges));
    case 'ForEach':
      return (literalItems(node)?.length ?? Number.POSITIVE_INFINITY) * widthOf(node.body, edges);
    default:
      return unreachable(node);
  }
}
