import type { Issue } from '../errors/index.ts';
import { childrenOf, describeSource, expressionsOf, type ArtifactSource, type Expression, type Node } from '../ir/index.ts';
import { closest } from '../util/index.ts';
import type { Context, Rule } from './rule.ts';

/** What the place of a reference already accounts for. */
interface Cover {
  /** Loops that a Collection around the reference gathers. */
  readonly loops: readonly string[];
  /** Inside the first half of a fallback: absence is expected. */
  readonly fallback: boolean;
  /** Branches of a when that a Join around the reference chooses: identifier and branch. */
  readonly branches: ReadonlyMap<string, number>;
}
const NOTHING: Cover = { loops: [], fallback: false, branches: new Map() };

/** Everything that a node reads exists where it stands: in scope, gathered over its loops, and never silently absent. */
export const references: Rule = function* (context) {
  for (const node of context.nodes) {
    for (const expression of expressionsOf(node)) yield* ofExpression(context, node, expression, NOTHING);
    if (node.kind === 'Task') for (const source of Object.values(node.inputs)) yield* ofSource(context, node, source, NOTHING);
    for (const id of node.after) {
      const other = context.places.get(id);
      const here = context.places.get(node.id)!;
      if (!other || other.root !== here.root) yield outside(node, `waits for "${id}", which is not in the same part of the pipeline`);
      else if (here.around.some((group) => group.id === id)) yield outside(node, `waits for "${id}", the group that it is in`);
    }
  }
};

function* ofExpression(context: Context, node: Node, expression: Expression, cover: Cover): Iterable<Issue> {
  switch (expression.kind) {
    case 'ParameterReference': {
      if (Object.hasOwn(context.pipeline.parameters, expression.parameter)) return;
      const near = closest(expression.parameter, Object.keys(context.pipeline.parameters));
      yield { ...outside(node, `reads the parameter "${expression.parameter}", which the pipeline does not have`), ...(near ? { fix: `Did you mean "${near}"?` } : {}) };
      return;
    }
    case 'ResultReference':
      yield* ofTask(context, node, expression.task, 'results', expression.result, cover);
      return;
    case 'ItemReference':
      if (!isAround(context, node, expression.loop) && !cover.loops.includes(expression.loop)) yield outside(node, `reads the item of "${expression.loop}" outside that loop`);
      return;
    case 'RunStatus':
      if (context.places.get(node.id)!.root !== 'onExit') yield outside(node, 'reads the status of the run, which is known only in onExit');
      return;
    case 'Collection':
      yield* ofExpression(context, node, expression.of, { ...cover, loops: [...cover.loops, expression.loop] });
      return;
    case 'Fallback':
      yield* ofExpression(context, node, expression.first, { ...cover, fallback: true });
      yield* ofExpression(context, node, expression.second, cover);
      return;
    case 'Join':
      yield* ofExpression(context, node, expression.then, { ...cover, branches: new Map(cover.branches).set(expression.when, 0) });
      yield* ofExpression(context, node, expression.otherwise, { ...cover, branches: new Map(cover.branches).set(expression.when, 1) });
      return;
    default:
      for (const child of childrenOf(expression)) yield* ofExpression(context, node, child, cover);
  }
}

function* ofSource(context: Context, node: Node, source: ArtifactSource, cover: Cover): Iterable<Issue> {
  switch (source.kind) {
    case 'OutputReference':
      yield* ofTask(context, node, source.task, 'outputs', source.output, cover);
      return;
    case 'ArtifactCollection':
      if (source.of.kind !== 'OutputReference') {
        yield {
          code: 'PW107', message: `${subject(node)} reads a collection of ${describeSource(source.of)}, which is not one task's own output.`,
          fix: 'Return a task\'s output from the loop\'s body: neither a choice between several nor another collection.', location: node.location,
        };
        return;
      }
      yield* ofSource(context, node, source.of, { ...cover, loops: [...cover.loops, source.loop] });
      return;
    case 'ArtifactFallback':
      yield* ofSource(context, node, source.first, { ...cover, fallback: true });
      yield* ofSource(context, node, source.second, cover);
      return;
    case 'ArtifactJoin':
      yield* ofSource(context, node, source.then, { ...cover, branches: new Map(cover.branches).set(source.when, 0) });
      yield* ofSource(context, node, source.otherwise, { ...cover, branches: new Map(cover.branches).set(source.when, 1) });
  }
}

function* ofTask(context: Context, node: Node, taskId: string, ports: 'results' | 'outputs', port: string, cover: Cover): Iterable<Issue> {
  const here = context.places.get(node.id)!;
  const there = context.places.get(taskId);
  const what = `"${taskId}.${port}"`;
  if (!there || there.node.kind !== 'Task') {
    yield outside(node, `reads ${what}, but the pipeline has no task "${taskId}"`);
    return;
  }
  if (!Object.hasOwn(context.pipeline.steps[there.node.step]?.[ports] ?? {}, port)) yield outside(node, `reads ${what}, but that step has no such ${ports === 'results' ? 'result' : 'output'}`);
  if (there.root !== here.root) {
    yield { ...outside(node, `reads ${what} across the border between the pipeline and its exit handler`), fix: 'An exit handler sees the parameters and the status only: the rest may not exist.' };
    return;
  }
  for (const [depth, group] of there.around.entries()) {
    const inner = there.around[depth + 1];
    const branchThere = inner ? (context.places.get(inner.id)!.branch) : there.branch;
    const shared = here.around.indexOf(group);
    if (shared >= 0) {
      const next = here.around[shared + 1];
      const branchHere = next ? context.places.get(next.id)!.branch : here.branch;
      if (branchHere !== branchThere) {
        yield { ...outside(node, `reads ${what} from the other branch of "${group.id}", which never runs together with this one`), fix: 'Read it after the when, through what both branches return.' };
        return;
      }
    } else if (group.kind === 'ForEach') {
      if (!cover.loops.includes(group.id)) {
        yield { ...outside(node, `reads ${what}, which is inside the loop "${group.id}"`), fix: 'Return it from the loop\'s body and use what forEach returns: a list.' };
        return;
      }
    } else if (!cover.fallback && cover.branches.get(group.id) !== branchThere) {
      yield {
        code: 'PW108', message: `${subject(node)} reads ${what}, which is absent when "${group.id}" takes the other way.`,
        fix: 'Use it inside the same when, or return it from the when and add .orElse(…) or otherwise.', location: node.location,
      };
      return;
    }
  }
}

function isAround(context: Context, node: Node, group: string): boolean {
  return context.places.get(node.id)!.around.some((outer) => outer.id === group);
}

function subject(node: Node): string {
  return node.kind === 'Task' ? `Task "${node.id}"` : `The group "${node.id}"`;
}

function outside(node: Node, what: string): Issue {
  return { code: 'PW103', message: `${subject(node)} ${what}.`, fix: 'Use what task, when and forEach return, inside the scope in which they were called.', location: node.location };
}
