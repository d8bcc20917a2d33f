import { scopesOf, type ForEach, type Node, type Task, type When } from '../ir/index.ts';
import { PipewrightError } from '../errors/index.ts';
import { mapBounded } from '../../store/index.ts';
import { unreachable, type Json } from '../util/index.ts';
import { cancelled } from './attempt.ts';
import { statusOfHalted } from './attempts.ts';
import type { Phase, RunContext } from './context.ts';
import { evaluate, requirePresent } from './evaluate.ts';
import { reasonOf } from './reason.ts';
import type { GroupSummary, Reason } from './run-record.ts';
import { combine, letsOthersRun, type Status } from './status.ts';
import { runTask } from './task.ts';

export type Edges = ReadonlyMap<string, ReadonlySet<string>>;

/** Runs the nodes of a pipeline as soon as what they depend on has ended; see docs/semantics.md for who runs and who does not. */
export class Walk {
  readonly #context: RunContext;
  readonly #edges: Edges;
  readonly #phase: Phase;

  constructor(context: RunContext, edges: Edges, phase: Phase) {
    this.#context = context;
    this.#edges = edges;
    this.#phase = phase;
  }

  /** Runs one scope; resolves to the statuses of its nodes when all have ended. Time grows with nodes and edges. */
  async scope(nodes: readonly Node[], at: readonly number[]): Promise<readonly Status[]> {
    if (nodes.length === 0) return [];
    const ended = new Map<string, Status>();
    const waitsFor = new Map<string, number>();
    const wakes = new Map<string, Node[]>(nodes.map((node) => [node.id, []]));
    for (const node of nodes) {
      const dependencies = [...(this.#edges.get(node.id) ?? [])].filter((id) => wakes.has(id));
      waitsFor.set(node.id, dependencies.length);
      for (const id of dependencies) wakes.get(id)!.push(node);
    }
    await new Promise<void>((resolve, reject) => {
      const begin = (node: Node): void => {
        const before = [...(this.#edges.get(node.id) ?? [])].flatMap((id) => ended.get(id) ?? []);
        this.#node(node, at, before).then((status) => {
          ended.set(node.id, status);
          for (const next of wakes.get(node.id)!) {
            const left = waitsFor.get(next.id)! - 1;
            waitsFor.set(next.id, left);
            if (left === 0) begin(next);
          }
          if (ended.size === nodes.length) resolve();
        }, reject);
      };
      for (const node of nodes) if (waitsFor.get(node.id) === 0) begin(node);
    });
    return nodes.map((node) => ended.get(node.id)!);
  }

  async #node(node: Node, at: readonly number[], before: readonly Status[]): Promise<Status> {
    if (this.#phase.signal.aborted) return this.#settle(node, at, statusOfHalted(this.#phase, false), cancelled(this.#phase));
    if (!before.every(letsOthersRun)) return this.#settle(node, at, 'Omitted');
    switch (node.kind) {
      case 'Task':
        return runTask(this.#context, node, at, this.#phase);
      case 'When':
        return this.#when(node, at);
      case 'ForEach':
        return this.#forEach(node, at);
      default:
        return unreachable(node);
    }
  }

  async #when(node: When, at: readonly number[]): Promise<Status> {
    const holds = this.#evaluate(node, at, (value) => (typeof value === 'boolean' ? value : undefined), 'is neither true nor false');
    if ('reason' in holds) return this.#fail(node, at, holds.reason);
    const [branch, taken, other] = holds.value ? (['then', node.then, node.otherwise] as const) : (['otherwise', node.otherwise, node.then] as const);
    const { values, emit } = this.#context;
    values.setBranch(node.id, at, branch);
    emit({ kind: 'BranchTaken', at: Date.now(), group: values.nameOf(node.id, at), node: node.id, branch });
    for (const skipped of other) this.#settle(skipped, at, 'Skipped');
    const status = taken.length === 0 ? 'Skipped' : combine(await this.scope(taken, at));
    return this.#endGroup(node, at, status, { branch });
  }

  async #forEach(node: ForEach, at: readonly number[]): Promise<Status> {
    const list = this.#evaluate(node, at, (value) => (isList(value) ? value : undefined), 'is not a list');
    if ('reason' in list) return this.#fail(node, at, list.reason);
    const items = list.value;
    const { values, emit } = this.#context;
    values.setItems(node.id, at, items);
    emit({ kind: 'LoopExpanded', at: Date.now(), group: values.nameOf(node.id, at), node: node.id, items: items.length });
    if (items.length === 0) {
      for (const inner of node.body) this.#settle(inner, at, 'Skipped');
      return this.#endGroup(node, at, 'Skipped', { length: 0 });
    }
    const turns = this.#context.inTurn(items.length);
    const statuses = await mapBounded(turns, node.parallelism ?? items.length, async (index) => combine(await this.scope(node.body, [...at, index])));
    return this.#endGroup(node, at, combine(statuses), { length: items.length });
  }

  /** A group whose condition or list has no value: nothing in it can run. */
  #fail(node: When | ForEach, at: readonly number[], reason: Reason): Status {
    for (const scope of scopesOf(node)) for (const inner of scope) this.#settle(inner, at, 'Omitted');
    return this.#endGroup(node, at, 'Error', { reason });
  }

  /** Gives a node that does not run, and everything in it, its status. */
  #settle(node: Node, at: readonly number[], status: Status, reason?: Reason): Status {
    if (node.kind === 'Task') return this.#settleTask(node, at, status, reason);
    for (const scope of scopesOf(node)) for (const inner of scope) this.#settle(inner, at, status, reason);
    return this.#endGroup(node, at, status, reason === undefined ? {} : { reason });
  }

  #settleTask(node: Task, at: readonly number[], status: Status, reason: Reason | undefined): Status {
    const { values, tasks, emit } = this.#context;
    const task = values.nameOf(node.id, at);
    const why = reason === undefined ? {} : { reason };
    tasks.push({ task, node: node.id, step: node.step, items: at, status, cached: false, attempts: 0, seconds: 0, ...why });
    emit({ kind: 'TaskEnded', at: Date.now(), task, node: node.id, step: node.step, status, seconds: 0, results: {}, ...why });
    return status;
  }

  #endGroup(node: When | ForEach, at: readonly number[], status: Status, more: Partial<Pick<GroupSummary, 'branch' | 'length' | 'reason'>>): Status {
    const { values, groups, emit } = this.#context;
    const group = values.nameOf(node.id, at);
    groups.push({ group, node: node.id, kind: node.kind, items: at, status, ...more });
    emit({ kind: 'GroupEnded', at: Date.now(), group, node: node.id, status, ...(more.reason === undefined ? {} : { reason: more.reason }) });
    return status;
  }

  #evaluate<T>(node: When | ForEach, at: readonly number[], read: (value: Json) => T | undefined, otherwise: string): { readonly value: T } | { readonly reason: Reason } {
    const expression = node.kind === 'When' ? node.condition : node.items;
    try {
      const found = requirePresent(evaluate(expression, this.#context.values, at), expression);
      const value = read(found);
      if (value !== undefined) return { value };
      throw new PipewrightError({ code: 'PW110', message: `What the group "${node.id}" goes by ${otherwise}: ${JSON.stringify(found).slice(0, 80)}.`, fix: 'Look at the step that made the value.' });
    } catch (error) {
      return { reason: reasonOf(error) };
    }
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
