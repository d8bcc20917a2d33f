import {
  describeExpression, indexNodes, outputsIn, scopesOf, siblingDependencies, walkExpression, type Expression, type Node, type Pipeline, type Task,
} from '../../dsl/ir/index.ts';

/*
 * A pipeline as something to draw: tasks, the heads of conditions and loops, boxes around what belongs together, and
 * edges that say what travels along them. Mermaid, DOT and SVG are three ways to print it.
 */

export interface DrawnNode {
  readonly id: string;
  /** The head of a condition or a loop says what is decided; it stands inside its group's box. */
  readonly kind: 'task' | 'condition' | 'loop';
  readonly title: string;
  /** The step, where the task has a name of its own. */
  readonly subtitle?: string;
  /** The innermost box around it. */
  readonly box?: string;
}

export interface DrawnBox {
  readonly id: string;
  readonly kind: 'condition' | 'branch' | 'loop' | 'exit';
  readonly title: string;
  readonly box?: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  /** artifact: a file travels. value: a result travels. order: the one only waits for the other. control: a head starts its body. */
  readonly kind: 'artifact' | 'value' | 'order' | 'control';
  readonly label: string;
}

export interface DrawnGraph {
  readonly title: string;
  readonly nodes: readonly DrawnNode[];
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

const STRENGTH: readonly DrawnEdge['kind'][] = ['artifact', 'value', 'control', 'order'];
const EXIT_BOX = 'on-exit';

/** Linear in the size of the pipeline. */
export function drawGraph(pipeline: Pipeline): DrawnGraph {
  const places = indexNodes(pipeline);
  const dependencies = siblingDependencies(pipeline, places);
  const nodes: DrawnNode[] = [];
  const boxes: DrawnBox[] = [];
  const edges = new Edges();

  const visit = (scope: readonly Node[], box: string | undefined): void => {
    const inside = box === undefined ? {} : { box };
    for (const node of scope) {
      if (node.kind === 'Task') {
        nodes.push({ id: node.id, kind: 'task', title: node.id, ...(node.step === node.id ? {} : { subtitle: node.step }), ...inside });
        continue;
      }
      const isLoop = node.kind === 'ForEach';
      boxes.push({ id: node.id, kind: isLoop ? 'loop' : 'condition', title: isLoop ? `for each: ${node.id}` : `when: ${node.id}`, ...inside });
      const head = headOf(node.id);
      nodes.push({ id: head, kind: isLoop ? 'loop' : 'condition', title: isLoop ? describeItems(node.items) : `${describeExpression(node.condition)} ?`, box: node.id });
      const scopes = scopesOf(node);
      const hasBranches = scopes.length > 1 && scopes.every((inner) => inner.length > 0);
      scopes.forEach((inner, branch) => {
        const name = branch === 0 ? 'then' : 'otherwise';
        const label = isLoop ? '' : branch === 0 ? 'yes' : 'no';
        const inBox = hasBranches ? `${node.id}/${name}` : node.id;
        if (hasBranches) boxes.push({ id: inBox, kind: 'branch', title: name, box: node.id });
        for (const first of inner) if (dependencies.get(first.id)!.size === 0) edges.add(head, entryOf(first), 'control', label);
        visit(inner, inBox);
      });
    }
  };
  visit(pipeline.body, undefined);
  if (pipeline.onExit.length > 0) {
    boxes.push({ id: EXIT_BOX, kind: 'exit', title: 'when the run ends' });
    visit(pipeline.onExit, EXIT_BOX);
  }

  for (const { node } of places.values()) {
    const to = entryOf(node);
    if (node.kind === 'Task') addData(edges, node);
    else addResults(edges, node.kind === 'When' ? node.condition : node.items, to, (result) => result);
    for (const before of node.after) {
      const other = places.get(before)?.node;
      if (other) for (const last of exitsOf(other, dependencies)) edges.add(last, to, 'order', '');
    }
  }
  return { title: pipeline.name, nodes, boxes, edges: edges.list() };
}

/** The drawn node that stands for the start of a group. */
export function headOf(group: string): string {
  return `${group}?`;
}

function entryOf(node: Node): string {
  return node.kind === 'Task' ? node.id : headOf(node.id);
}

/** The drawn nodes with which a node ends: what nothing in the same scope waits for. */
function exitsOf(node: Node, dependencies: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  if (node.kind === 'Task') return [node.id];
  const ends = scopesOf(node).flatMap((scope) => {
    const awaited = new Set(scope.flatMap((inner) => [...dependencies.get(inner.id)!]));
    return scope.filter((inner) => !awaited.has(inner.id)).flatMap((inner) => exitsOf(inner, dependencies));
  });
  return ends.length > 0 ? ends : [headOf(node.id)];
}

function addData(edges: Edges, task: Task): void {
  for (const [input, source] of Object.entries(task.inputs)) {
    for (const { task: from, output } of outputsIn(source)) {
      const what = source.kind === 'ArtifactCollection' ? `all ${output}` : output;
      edges.add(from, task.id, 'artifact', output === input ? what : `${what} → ${input}`);
    }
  }
  for (const [parameter, expression] of Object.entries(task.parameters)) {
    addResults(edges, expression, task.id, (result) => (result === parameter ? result : `${result} → ${parameter}`));
  }
}

function addResults(edges: Edges, expression: Expression, to: string, label: (result: string) => string): void {
  walkExpression(expression, (inner) => {
    if (inner.kind === 'ResultReference') edges.add(inner.task, to, 'value', label(inner.result));
  });
}

function describeItems(items: Expression): string {
  if (items.kind === 'Literal' && Array.isArray(items.value)) return `each of ${items.value.length} items`;
  return `each of ${describeExpression(items)}`;
}

/** Parallel edges become one with all their labels: two lines between the same two cards would only cross. */
class Edges {
  readonly #edges = new Map<string, { from: string; to: string; kind: DrawnEdge['kind']; labels: Set<string> }>();

  add(from: string, to: string, kind: DrawnEdge['kind'], label: string): void {
    const key = JSON.stringify([from, to]);
    const known = this.#edges.get(key);
    if (!known) {
      this.#edges.set(key, { from, to, kind, labels: new Set(label === '' ? [] : [label]) });
      return;
    }
    if (STRENGTH.indexOf(kind) < STRENGTH.indexOf(known.kind)) known.kind = kind;
    if (label !== '') known.labels.add(label);
  }

  list(): readonly DrawnEdge[] {
    return [...this.#edges.values()].map(({ from, to, kind, labels }) => ({ from, to, kind, label: [...labels].join(', ') }));
  }
}

