import { LIMITS } from '../../dsl/argo/index.ts';
import { layOut, type Layout } from '../../dsl/argo/layout.ts';
import type { Call, Scope } from '../../dsl/argo/scope.ts';
import { decodeValue, encodeValue, STEP_RECORD } from '../../dsl/contract/index.ts';
import { siblingDependencies, sortScope, type CheckedPipeline, type ForEach, type Node, type Task, type When } from '../../dsl/ir/index.ts';
import { evaluate } from '../../dsl/local/evaluate.ts';
import { loopDepths } from '../../dsl/local/instance.ts';
import { combine, type Status } from '../../dsl/local/status.ts';
import { Values } from '../../dsl/local/values.ts';
import type { Json } from '../../dsl/util/index.ts';
import { readStepRecord } from './step-record.ts';
import type { StepRecord } from '../../steps/runtime/step-record.ts';
import { CAUSE, hasEnded, nodesByName, type Workflow, type WorkflowNode } from './workflow.ts';

/** How something stands in a workflow: its end, or the way there. */
export type Standing = Status | 'Waiting' | 'Running';

/** One try of a task: a pod. */
export interface AttemptSeen {
  readonly attempt: number;
  readonly node: WorkflowNode;
  readonly standing: Standing;
}

/** One instance of a task of the pipeline, as far as the workflow tells. */
export interface TaskSeen {
  readonly task: string;
  readonly node: Task;
  readonly items: readonly number[];
  readonly standing: Standing;
  readonly attempts: readonly AttemptSeen[];
  /** What Argo has made of it; undefined where it never came to it. */
  readonly found: WorkflowNode | undefined;
  readonly results: Readonly<Record<string, Json>>;
  /** What a TypeScript step told of itself when it had ended. */
  readonly record: StepRecord | undefined;
}

export interface GroupSeen {
  readonly group: string;
  readonly node: When | ForEach;
  readonly items: readonly number[];
  readonly standing: Standing;
  readonly branch?: 'then' | 'otherwise';
  /** Of a loop whose list is known. */
  readonly length?: number;
}

/** A workflow in the words of the pipeline that it was compiled from. */
export interface Snapshot {
  readonly workflow: Workflow;
  readonly tasks: readonly TaskSeen[];
  readonly groups: readonly GroupSeen[];
  /** The exit handler has begun. */
  readonly isInExitHandler: boolean;
  readonly hasEnded: boolean;
}

/** Where a call of the compiled pipeline is in the workflow. */
interface Found {
  readonly node: WorkflowNode;
  /** False: not the call itself, but something around it that was over before it began. */
  readonly isOwn: boolean;
}

/**
 * Reads workflows of one pipeline. Argo knows templates, groups and attempts; this says which task of the author, and
 * which item of which loop, each of them is: by the same layout that the compiler made the templates from.
 */
export class SnapshotReader {
  readonly pipeline: CheckedPipeline;
  readonly values: Values;
  readonly #layout: Layout;
  readonly #edges: ReadonlyMap<string, ReadonlySet<string>>;
  #nodes: ReadonlyMap<string, WorkflowNode> = new Map();
  #byId: ReadonlyMap<string, WorkflowNode> = new Map();
  #workflow: Workflow | undefined;
  #tasks: TaskSeen[] = [];
  #groups: GroupSeen[] = [];

  constructor(pipeline: CheckedPipeline, parameters: Readonly<Record<string, Json>>) {
    this.pipeline = pipeline;
    this.#layout = layOut(pipeline, LIMITS);
    this.#edges = siblingDependencies(pipeline, this.#layout.places);
    this.values = new Values(parameters, loopDepths(this.#layout.places));
  }

  read(workflow: Workflow): Snapshot {
    this.#workflow = workflow;
    this.#nodes = nodesByName(workflow);
    this.#byId = new Map([...this.#nodes.values()].map((node) => [node.id, node]));
    this.#tasks = [];
    this.#groups = [];
    this.#scope(this.pipeline.body, []);
    this.#scope(this.pipeline.onExit, []);
    return {
      workflow,
      tasks: this.#tasks,
      groups: this.#groups,
      isInExitHandler: this.#nodes.has(`${workflow.metadata.name}.onExit`),
      hasEnded: hasEnded(workflow),
    };
  }

  /** In an order in which what is read has been seen before its reader. */
  #scope(nodes: readonly Node[], at: readonly number[]): readonly Standing[] {
    const sorted = sortScope(nodes, this.#edges);
    return ('order' in sorted ? sorted.order : nodes).map((node) => {
      switch (node.kind) {
        case 'Task':
          return this.#task(node, at);
        case 'When':
          return this.#when(node, at);
        case 'ForEach':
          return this.#forEach(node, at);
      }
    });
  }

  #task(task: Task, at: readonly number[]): Standing {
    const found = this.#locate(this.#layout.taskCall(task.id), at);
    const own = found?.isOwn === true ? found.node : undefined;
    const pods = own === undefined ? [] : own.type === 'Retry' ? this.#attemptsOf(own) : own.type === 'Pod' ? [own] : [];
    const attempts = pods.map((node, index): AttemptSeen => ({ attempt: index + 1, node, standing: this.#standingOf(node) }));
    const standing = found === undefined ? this.#absent() : this.#standingOf(found.node, found.isOwn);
    const { results, record } = standing === 'Succeeded' ? this.#produced(task, own) : { results: {}, record: undefined };
    if (standing === 'Succeeded') this.values.setProduced(task.id, at, { results, outputs: record?.outputs ?? {} });
    this.#tasks.push({ task: this.values.nameOf(task.id, at), node: task, items: at, standing, attempts, found: own, results, record });
    return standing;
  }

  #when(when: When, at: readonly number[]): Standing {
    const branch = this.#branchOf(when, at);
    if (branch !== undefined) this.values.setBranch(when.id, at, branch);
    const [then, otherwise] = [this.#scope(when.then, at), this.#scope(when.otherwise, at)];
    const taken = branch === 'then' ? then : branch === 'otherwise' ? otherwise : [...then, ...otherwise];
    const standing: Standing = branch !== undefined && taken.length === 0 ? 'Skipped' : together(taken, branch === undefined);
    this.#groups.push({ group: this.values.nameOf(when.id, at), node: when, items: at, standing, ...(branch === undefined ? {} : { branch }) });
    return standing;
  }

  /** Undefined while it is not known, and where the condition was never asked. */
  #branchOf(when: When, at: readonly number[]): 'then' | 'otherwise' | undefined {
    for (const [index, branch, other] of [[0, 'then', 'otherwise'], [1, 'otherwise', 'then']] as const) {
      const call = this.#layout.branchCall(when.id, index);
      const found = call && this.#locate(call, at);
      if (found?.isOwn !== true || found.node.phase === 'Omitted' || found.node.phase === 'Error') continue;
      return found.node.phase === 'Skipped' && !isEmptyList(found.node) ? other : branch;
    }
    return undefined;
  }

  #forEach(loop: ForEach, at: readonly number[]): Standing {
    const group = this.#groupOf(loop, at);
    const known = group?.isOwn === true && (group.node.type === 'TaskGroup' || isEmptyList(group.node));
    const list = known ? this.#listOf(loop, at) : undefined;
    if (list !== undefined) this.values.setItems(loop.id, at, list);
    const begun = known ? this.#itemsOf(group.node).length : 0;
    const length = list?.length ?? (known && (this.#standingOf(group.node) !== 'Running' || isEmptyList(group.node)) ? begun : undefined);
    const inner = Array.from({ length: Math.max(length ?? 0, begun) }, (_, index) => this.#scope(loop.body, [...at, index])).flat();
    // Tasks of a loop that never came to an item have a status all the same, under the name of the loop's own place.
    const standing: Standing = inner.length > 0 ? (length === undefined ? 'Running' : together(inner)) : this.#empty(loop, at, group, length);
    this.#groups.push({ group: this.values.nameOf(loop.id, at), node: loop, items: at, standing, ...(length === undefined ? {} : { length }) });
    return standing;
  }

  #empty(loop: ForEach, at: readonly number[], group: Found | undefined, length: number | undefined): Standing {
    const standing = length === 0 ? 'Skipped' : group === undefined ? this.#absent() : this.#standingOf(group.node, group.isOwn);
    const settle = (nodes: readonly Node[]): void => {
      for (const node of nodes) {
        const status = standing === 'Error' || standing === 'Failed' ? 'Omitted' : standing;
        if (node.kind === 'Task') this.#tasks.push({ task: this.values.nameOf(node.id, at), node, items: at, standing: status, attempts: [], found: undefined, results: {}, record: undefined });
        else {
          settle(node.kind === 'When' ? [...node.then, ...node.otherwise] : node.body);
          this.#groups.push({ group: this.values.nameOf(node.id, at), node, items: at, standing: status });
        }
      }
    };
    settle(loop.body);
    return standing;
  }

  /** The list that a loop goes through, computed as on a laptop from what the steps before it gave. */
  #listOf(loop: ForEach, at: readonly number[]): readonly Json[] | undefined {
    try {
      const list = evaluate(loop.items, this.values, at);
      return Array.isArray(list) ? list : undefined;
    } catch {
      // Argo has evaluated it: what it made of it can be counted.
      return undefined;
    }
  }

  #locate(call: Call, at: readonly number[]): Found | undefined {
    const around = this.#locateScope(call.scope, at);
    if (around === undefined || !around.isOwn || around.node.type !== 'DAG') return around && { node: around.node, isOwn: false };
    const node = this.#nodes.get(`${around.node.name}.${call.name}`);
    if (node === undefined) return undefined;
    if (call.loop === undefined) return { node, isOwn: true };
    if (node.type !== 'TaskGroup') return { node, isOwn: false };
    const item = this.#itemsOf(node)[at[this.values.depthOf(call.loop.id)] ?? 0];
    return item && { node: item, isOwn: true };
  }

  #locateScope(scope: Scope, at: readonly number[]): Found | undefined {
    if (scope.call !== undefined) return this.#locate(scope.call, at);
    const name = this.#workflow!.metadata.name;
    const node = this.#nodes.get(scope === this.#layout.onExit ? `${name}.onExit` : name);
    return node && { node, isOwn: true };
  }

  /** The node that holds a loop's items. */
  #groupOf(loop: ForEach, at: readonly number[]): Found | undefined {
    const call = this.#layout.loopCall(loop.id);
    const around = this.#locateScope(call.scope, at);
    if (around === undefined || !around.isOwn || around.node.type !== 'DAG') return around && { node: around.node, isOwn: isEmptyWrapper(loop, around, call) };
    const node = this.#nodes.get(`${around.node.name}.${call.name}`);
    return node && { node, isOwn: true };
  }

  /** In their order. Argo names them `<loop>(3:<text of the item>)`; the nodes after a loop are children of it, too. */
  #itemsOf(group: WorkflowNode): readonly WorkflowNode[] {
    const items: WorkflowNode[] = [];
    for (const id of group.children ?? []) {
      const child = this.#byId.get(id);
      const index = child?.name.startsWith(`${group.name}(`) === true ? /^\((\d+):/.exec(child.name.slice(group.name.length))?.[1] : undefined;
      if (index !== undefined) items[Number(index)] = child!;
    }
    return items;
  }

  #attemptsOf(retry: WorkflowNode): readonly WorkflowNode[] {
    const attempts: WorkflowNode[] = [];
    for (const id of retry.children ?? []) {
      const child = this.#byId.get(id);
      const index = child?.name.startsWith(`${retry.name}(`) === true ? /^\((\d+)\)$/.exec(child.name.slice(retry.name.length))?.[1] : undefined;
      if (index !== undefined) attempts[Number(index)] = child!;
    }
    return attempts.filter((attempt) => attempt !== undefined);
  }

  #standingOf(node: WorkflowNode, isOwn = true): Standing {
    switch (node.phase) {
      case 'Succeeded':
        // Something around it is over, and never came to it.
        return isOwn ? 'Succeeded' : this.#absent(true);
      case 'Skipped':
      case 'Omitted':
        return node.phase;
      case 'Failed':
      case 'Error':
        if (!isOwn) return this.#absent(true);
        return this.#wasStopped() && /shutdown with strategy|stopped with strategy|terminated/i.test(node.message ?? '') ? 'Cancelled' : node.phase;
      default:
        if (hasEnded(this.#workflow!)) return this.#absent();
        return isOwn ? 'Running' : 'Waiting';
    }
  }

  /** Of what Argo has no node for: it may still come, unless all is over. */
  #absent(isOver = hasEnded(this.#workflow!)): Standing {
    if (!isOver) return 'Waiting';
    return this.#wasStopped() ? 'Cancelled' : 'Omitted';
  }

  /** By its user: what we gave up ourselves has a cause. */
  #wasStopped(): boolean {
    const { spec, metadata } = this.#workflow!;
    return spec.shutdown !== undefined && spec.shutdown !== '' && metadata.annotations?.[CAUSE] === undefined;
  }

  #produced(task: Task, node: WorkflowNode | undefined): { readonly results: Readonly<Record<string, Json>>; readonly record: StepRecord | undefined } {
    const contract = this.pipeline.steps[task.step]!;
    const texts = new Map((node?.outputs?.parameters ?? []).map(({ name, value }) => [name, value]));
    const results: Record<string, Json> = {};
    for (const [name, { type }] of Object.entries(contract.results)) {
      const text = texts.get(name);
      const decoded = text === undefined ? undefined : decodeValue(type, text);
      if (decoded?.ok === true) results[name] = decoded.value;
      else if (text !== undefined) results[name] = text;
    }
    return { results, record: readStepRecord(texts.get(STEP_RECORD)) };
  }
}

/** The parameters that a workflow runs with: its own, else the pipeline's defaults. What does not fit its type stays a text. */
export function parametersOf(pipeline: CheckedPipeline, workflow: Workflow): Readonly<Record<string, Json>> {
  const given = new Map((workflow.spec.arguments?.parameters ?? []).map(({ name, value }) => [name, value]));
  return Object.fromEntries(Object.entries(pipeline.parameters).flatMap(([name, { type, default: fallback }]) => {
    const text = given.get(name) ?? (fallback === undefined ? undefined : encodeValue(type, fallback));
    if (text === undefined) return [];
    const decoded = decodeValue(type, text);
    return [[name, decoded.ok ? decoded.value : text] as const];
  }));
}

/** What parts add up to; while one of them is under way, so is the whole. */
function together(parts: readonly Standing[], isUndecided = false): Standing {
  const ended = parts.filter((part): part is Status => part !== 'Waiting' && part !== 'Running');
  if (ended.length < parts.length) return parts.includes('Running') || ended.length > 0 ? 'Running' : 'Waiting';
  if (isUndecided && ended.every((part) => part === 'Skipped')) return 'Skipped';
  return combine(ended);
}

function isEmptyList(node: WorkflowNode): boolean {
  return node.phase === 'Skipped' && /empty params/.test(node.message ?? '');
}

/** A loop with limited parallelism has a DAG of its own, which is skipped when the list is empty. */
function isEmptyWrapper(loop: ForEach, around: Found, call: Call): boolean {
  return around.isOwn && loop.parallelism !== undefined && call.scope.parallelism !== undefined && around.node.phase === 'Skipped';
}
