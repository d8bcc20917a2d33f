import { indexNodes, type Pipeline } from '../../dsl/ir/index.ts';
import type { RunEvent } from '../../dsl/local/event.ts';
import { unreachable } from '../../dsl/util/index.ts';
import type { Standing } from '../words/status.ts';

/** One instance of a task, as far as it is known. */
export interface InstanceState {
  readonly task: string;
  standing: Standing;
  cached: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
  seconds: number;
  attempt: number;
  progress?: { readonly done: number; readonly total: number; readonly note?: string };
  /** What it says of itself: the note of its progress, else the last line of its log. */
  note: string;
}

/** A line of the view: a task of the pipeline with all its instances, or the head of a condition or loop. */
export interface NodeState {
  readonly id: string;
  readonly kind: 'Task' | 'When' | 'ForEach';
  readonly depth: number;
  readonly isInLoop: boolean;
  /** The innermost loop around it. */
  readonly loop: NodeState | undefined;
  /** In the order in which they were heard of. */
  readonly instances: Map<string, InstanceState>;
  /** For a loop: its items, over all its instances. For a condition: the branch. */
  items?: number;
  branch?: 'then' | 'otherwise';
  standing: Standing;
}

/** What the events of a run add up to: the memory of the live view, without a word about how it looks. */
export class RunState {
  readonly pipeline: string;
  readonly nodes: readonly NodeState[];
  run = '';
  startedAt = Date.now();
  stopping = false;
  ended: { readonly status: string; readonly seconds: number } | undefined;
  readonly #byId: ReadonlyMap<string, NodeState>;

  constructor(pipeline: Pipeline) {
    this.pipeline = pipeline.name;
    const nodes: NodeState[] = [];
    const found = new Map<string, NodeState>();
    for (const { node, around } of indexNodes(pipeline).values()) {
      // A group is told of before what is in it.
      const loops = around.filter((group) => group.kind === 'ForEach');
      const loop = found.get(loops.at(-1)?.id ?? '');
      const state: NodeState = { id: node.id, kind: node.kind, depth: around.length, isInLoop: loops.length > 0, loop, instances: new Map(), standing: 'Waiting' };
      nodes.push(state);
      found.set(node.id, state);
    }
    this.nodes = nodes;
    this.#byId = found;
  }

  /** True if something changed that a view would show. */
  apply(event: RunEvent): boolean {
    switch (event.kind) {
      case 'RunStarted':
        this.run = event.run;
        this.startedAt = event.at;
        return true;
      case 'BranchTaken':
        this.#byId.get(event.node)!.branch = event.branch;
        this.#byId.get(event.node)!.standing = 'Running';
        return true;
      case 'LoopExpanded': {
        const node = this.#byId.get(event.node)!;
        node.items = (node.items ?? 0) + event.items;
        node.standing = 'Running';
        return true;
      }
      case 'GroupEnded':
        this.#byId.get(event.node)!.standing = event.status;
        return true;
      case 'TaskStarted':
        this.#instance(event.node, event.task, event.at);
        return true;
      case 'AttemptStarted': {
        const instance = this.#instance(event.node, event.task, event.at);
        instance.attempt = event.attempt;
        delete instance.progress;
        instance.note = event.attempt > 1 ? `attempt ${event.attempt}` : '';
        return true;
      }
      case 'LogLine':
        this.#noteLine(this.#instance(event.node, event.task, event.at), event.line);
        return true;
      case 'Progress': {
        const instance = this.#instance(event.node, event.task, event.at);
        instance.progress = event;
        if (event.note !== undefined) instance.note = event.note;
        return true;
      }
      case 'AttemptEnded':
        return false;
      case 'RetryScheduled':
        this.#instance(event.node, event.task, event.at).note = `attempt ${event.nextAttempt} comes in ${event.afterSeconds} s`;
        return true;
      case 'TaskEnded': {
        const instance = this.#instance(event.node, event.task, event.at);
        instance.standing = event.status;
        instance.cached = event.cached !== undefined;
        instance.seconds = event.seconds;
        delete instance.progress;
        instance.note = '';
        return true;
      }
      case 'RunStopping':
        this.stopping = true;
        return true;
      case 'ExitHandlerStarted':
        return false;
      case 'RunEnded':
        this.ended = event;
        return true;
      default:
        return unreachable(event);
    }
  }

  /** A step that tells of its progress in words of its own has said it better than its log. */
  #noteLine(instance: InstanceState, line: string): void {
    if (instance.progress?.note === undefined) instance.note = line;
  }

  #instance(node: string, task: string, at: number): InstanceState {
    const { instances } = this.#byId.get(node)!;
    let found = instances.get(task);
    if (found === undefined) {
      found = { task, standing: 'Running', cached: false, startedAt: at, seconds: 0, attempt: 1, note: '' };
      instances.set(task, found);
    }
    return found;
  }
}
