import { PipewrightError } from '../errors/index.ts';
import type { ArtifactSource, Node } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import { blocksOf } from './blocks.ts';

/** Nodes that go into a DAG of their own, only because one DAG cannot hold them all. */
export interface Part {
  readonly kind: 'Part';
  readonly units: readonly (Node | Part)[];
}

interface Vertex {
  readonly unit: Node | Part;
  /** How many tasks of a DAG it takes. */
  readonly weight: number;
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

/**
 * Divides a scope that is too large for one DAG. A nested DAG starts when everything before it has ended and is over
 * when all of it is, so nodes may be put together only where that changes nothing:
 *
 * - a chain, each of which waits for the one before it alone and is waited for by the next alone;
 * - twins, which wait for the same and are waited for by the same;
 * - a block (`blocks.ts`), all of which comes after all that it waits for and before all that waits for it.
 *
 * In these cases each member already depended, directly or not, on all that the part waits for, and whatever waits for a
 * member already depended on every other one. The rules are applied again to the result until it fits: this takes apart
 * chains, fan-outs, layers and independent pipelines of any size. What resists is refused with the figures.
 */
export function split(nodes: readonly Node[], edges: ReadonlyMap<string, ReadonlySet<string>>, limit: number, scope: string): readonly (Node | Part)[] {
  if (weigh(nodes) <= limit) return nodes;
  let vertices = toVertices(nodes, edges);
  for (let total = sumOf(vertices); total > limit; total = sumOf(vertices)) {
    let pieces = [...chainsOf(vertices), ...twinsOf(vertices)].flatMap((group) => pack(group, vertices, limit));
    if (pieces.length === 0) pieces = blocksThatFit(vertices, limit);
    if (pieces.length === 0) throw tooMany(nodes, limit, scope, total);
    vertices = contract(vertices, enough(pieces, vertices, total - limit));
  }
  return vertices.map(({ unit }) => unit);
}

function weigh(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + weightOf(node), 0);
}

function sumOf(vertices: readonly Vertex[]): number {
  return vertices.reduce((sum, { weight }) => sum + weight, 0);
}

/** How many tasks of a DAG a node takes at most: a when has two branches, and each choice between artifacts is a task. */
function weightOf(node: Node): number {
  switch (node.kind) {
    case 'Task':
      return 1 + choicesIn(node);
    case 'When':
      return [node.then, node.otherwise].reduce((sum, [only, ...others]) => sum + (only ? 1 + (others.length === 0 ? choicesIn(only) : 0) : 0), 0);
    case 'ForEach':
      return 1 + (node.body.length === 1 ? choicesIn(node.body[0]!) : 0);
    default:
      return unreachable(node);
  }
}

function choicesIn(node: Node): number {
  const count = (source: ArtifactSource): number => {
    if (source.kind === 'ArtifactFallback') return 1 + count(source.first) + count(source.second);
    if (source.kind === 'ArtifactJoin') return 1 + count(source.then) + count(source.otherwise);
    return 0;
  };
  return node.kind === 'Task' ? Object.values(node.inputs).reduce((sum, source) => sum + count(source), 0) : 0;
}

function toVertices(nodes: readonly Node[], edges: ReadonlyMap<string, ReadonlySet<string>>): Vertex[] {
  const position = new Map(nodes.map((node, index) => [node.id, index]));
  const after = nodes.map(() => new Set<number>());
  const before = nodes.map((node, index) => {
    const found = new Set<number>();
    for (const id of edges.get(node.id) ?? []) {
      const other = position.get(id);
      if (other === undefined) continue;
      found.add(other);
      after[other]!.add(index);
    }
    return found;
  });
  return nodes.map((unit, index) => ({ unit, weight: weightOf(unit), before: before[index]!, after: after[index]! }));
}

/** Runs of vertices, each the only one before the next. */
function chainsOf(vertices: readonly Vertex[]): number[][] {
  const nextOf = (index: number): number | undefined => {
    const [next, ...others] = vertices[index]!.after;
    return next !== undefined && others.length === 0 && vertices[next]!.before.size === 1 ? next : undefined;
  };
  const isInside = new Set(vertices.flatMap((_, index) => nextOf(index) ?? []));
  return vertices.flatMap((_, start) => {
    if (isInside.has(start)) return [];
    const chain = [start];
    for (let next = nextOf(start); next !== undefined; next = nextOf(next)) chain.push(next);
    return chain.length > 1 ? [chain] : [];
  });
}

/** Classes of vertices with the same before and the same after. */
function twinsOf(vertices: readonly Vertex[]): number[][] {
  const classes = new Map<string, number[]>();
  for (const [index, { before, after }] of vertices.entries()) {
    const key = `${[...before].sort((a, b) => a - b).join()}|${[...after].sort((a, b) => a - b).join()}`;
    const known = classes.get(key);
    if (known) known.push(index);
    else classes.set(key, [index]);
  }
  return [...classes.values()].filter(({ length }) => length > 1);
}

function blocksThatFit(vertices: readonly Vertex[], limit: number): number[][] {
  const graph = { before: vertices.map(({ before }) => before), after: vertices.map(({ after }) => after) };
  return blocksOf(graph).filter((block) => block.reduce((sum, index) => sum + vertices[index]!.weight, 0) <= limit);
}

/** Cuts a group into pieces that one DAG can hold. A single one gains nothing by being a part. */
function pack(group: readonly number[], vertices: readonly Vertex[], limit: number): number[][] {
  const pieces: number[][] = [[]];
  let weight = 0;
  for (const index of group) {
    weight += vertices[index]!.weight;
    if (weight > limit) {
      pieces.push([]);
      weight = vertices[index]!.weight;
    }
    pieces.at(-1)!.push(index);
  }
  return pieces.filter(({ length }) => length > 1);
}

/** The largest pieces, no more than it takes to get rid of so many tasks. */
function enough(pieces: readonly number[][], vertices: readonly Vertex[], surplus: number): number[][] {
  const gainOf = (piece: readonly number[]): number => piece.reduce((sum, index) => sum + vertices[index]!.weight, -1);
  let left = surplus;
  return [...pieces].sort((a, b) => gainOf(b) - gainOf(a)).filter((piece) => {
    const needed = left > 0;
    if (needed) left -= gainOf(piece);
    return needed;
  });
}

function contract(vertices: readonly Vertex[], groups: readonly (readonly number[])[]): Vertex[] {
  const groupOf = new Map(groups.flatMap((group, number) => group.map((index) => [index, number] as const)));
  // A part stands where its first member stood.
  const positions = new Map<string, number>();
  const owner = vertices.map((_, index) => {
    const group = groupOf.get(index);
    const key = group === undefined ? `v${index}` : `g${group}`;
    if (!positions.has(key)) positions.set(key, positions.size);
    return positions.get(key)!;
  });
  const merged = Array.from({ length: positions.size }, () => ({ members: [] as Vertex[], before: new Set<number>(), after: new Set<number>() }));
  for (const [index, vertex] of vertices.entries()) {
    const own = owner[index]!;
    merged[own]!.members.push(vertex);
    for (const other of vertex.before) if (owner[other] !== own) merged[own]!.before.add(owner[other]!);
    for (const other of vertex.after) if (owner[other] !== own) merged[own]!.after.add(owner[other]!);
  }
  return merged.map(({ members, before, after }) => {
    const [only, ...others] = members;
    if (others.length === 0) return { ...only!, before, after };
    return { unit: { kind: 'Part', units: members.map(({ unit }) => unit) }, weight: 1, before, after };
  });
}

function tooMany(nodes: readonly Node[], limit: number, scope: string, left: number): PipewrightError {
  return new PipewrightError({
    code: 'PW202',
    message: `The ${nodes.length} nodes of "${scope}" take ${weigh(nodes)} tasks. One DAG of Argo has room for ${limit}, and they depend on one another in such a way that ${left} would stay in one even with nested DAGs.`,
    fix: 'Put nodes that belong together into one step, or loop over a list with forEach instead of writing each node down.',
    location: nodes[0]?.location,
  });
}
