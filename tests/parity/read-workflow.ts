import { decodeValue } from '../../dsl/contract/index.ts';
import { indexNodes, type CheckedPipeline, type Group, type Node, type Task } from '../../dsl/ir/index.ts';
import type { Status } from '../../dsl/local/status.ts';
import type { Digest, Json } from '../../dsl/util/index.ts';
import type { Outcome, TaskOutcome } from './outcome.ts';

/*
 * What became of a pipeline, out of Argo's own record of a workflow and nothing else: not through the code that
 * `pipewright submit` reads it with, so that one mistake cannot hide in both.
 */

/** What is read of a workflow: https://argo-workflows.readthedocs.io/en/latest/fields/#workflowstatus */
export interface RanWorkflow {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
    readonly nodes?: Readonly<Record<string, RanNode>>;
    readonly artifactRepositoryRef?: { readonly artifactRepository?: { readonly s3?: object } };
  };
}

interface RanNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly phase: Status;
  readonly message?: string;
  /** The node of the template that this one is in. */
  readonly boundaryID?: string;
  readonly children?: readonly string[];
  readonly outputs?: {
    readonly parameters?: readonly { readonly name: string; readonly value?: string }[];
    readonly artifacts?: readonly { readonly name: string; readonly s3?: { readonly key?: string } }[];
  };
}

export type DigestOf = (key: string) => Promise<Digest>;

export async function readWorkflow(pipeline: CheckedPipeline, { status = {} }: RanWorkflow, instances: readonly string[], digestOf: DigestOf): Promise<Outcome> {
  const nodes = new Map(Object.entries(status.nodes ?? {}));
  const byInstance = new Map<string, RanNode>();
  const places = indexNodes(pipeline);
  const idOf = new Map([...places.keys()].map((id) => [argoName(id), id]));
  const attempts = new Set([...nodes.values()].filter(({ type }) => type === 'Retry').flatMap(({ children = [] }) => children));
  for (const node of nodes.values()) {
    const instance = attempts.has(node.id) ? undefined : instanceOf(node, nodes);
    if (instance !== undefined) byInstance.set(instance.replace(/^[^(]+/, (name) => idOf.get(name) ?? name), node);
  }
  const tasks: Record<string, TaskOutcome> = {};
  // Those that the laptop has are looked for; those that only the cluster has must not be overlooked.
  const ofTasks = [...byInstance].filter(([, { type }]) => ['Pod', 'Retry'].includes(type)).map(([instance]) => instance);
  for (const instance of new Set([...instances, ...ofTasks])) {
    const [, id, items] = /^([^(]+)(.*)$/.exec(instance)!;
    const place = places.get(id!);
    if (place === undefined) throw new Error(`the workflow has a step ${instance}, which is no task of the pipeline`);
    const node = byInstance.get(id! + items!);
    tasks[instance] = node === undefined ? { ...NOTHING, status: statusOfGroup(place.around, id!, items!, byInstance) } : await outcomeOf(node, place.node as Task, place.around, pipeline, nodes, digestOf);
  }
  const seconds = (Date.parse(status.finishedAt ?? '') - Date.parse(status.startedAt ?? '')) / 1000;
  return { status: status.phase ?? 'none', tasks, seconds, ...(status.message === undefined ? {} : { message: status.message }) };
}

const NOTHING = { attempts: 0, results: {}, outputs: {} } as const;

async function outcomeOf(node: RanNode, task: Task, around: readonly Group[], pipeline: CheckedPipeline, nodes: ReadonlyMap<string, RanNode>, digestOf: DigestOf): Promise<TaskOutcome> {
  const message = node.message === undefined ? {} : { message: node.message };
  const isAtWork = node.type === 'Pod' || node.type === 'Retry';
  // The one task of a condition or loop stands for it: where that has no value, there is an error and no pod.
  if (!isAtWork) return { ...NOTHING, status: node.phase === 'Error' && around.length > 0 ? 'Omitted' : node.phase, ...message };
  const attempts = node.type === 'Retry' ? (node.children ?? []).filter((id) => nodes.get(id)?.type === 'Pod').length : 1;
  if (node.phase !== 'Succeeded') return { ...NOTHING, status: node.phase, attempts, ...message };
  const contract = pipeline.steps[task.step]!;
  const results: Record<string, Json> = {};
  for (const [name, { type }] of Object.entries(contract.results)) {
    const text = node.outputs?.parameters?.find((parameter) => parameter.name === name)?.value;
    const decoded = decodeValue(type, text ?? '');
    results[name] = decoded.ok ? decoded.value : { 'cannot be read': text ?? null };
  }
  const outputs: Record<string, Digest> = {};
  for (const name of Object.keys(contract.outputs)) {
    const key = node.outputs?.artifacts?.find((artifact) => artifact.name === name)?.s3?.key;
    if (key !== undefined) outputs[name] = await digestOf(key);
  }
  return { status: node.phase, attempts, results, outputs, ...message };
}

/** The instance that a node is: its task's name, and the numbers of the items of all loops around it. */
function instanceOf(node: RanNode, nodes: ReadonlyMap<string, RanNode>): string | undefined {
  const own = ownName(node, nodes);
  if (own === undefined) return undefined;
  let { items } = own;
  for (let around = nodes.get(node.boundaryID ?? ''); around; around = nodes.get(around.boundaryID ?? '')) items = (ownName(around, nodes)?.items ?? '') + items;
  return own.task + items;
}

/** `task` or `task(3:index:000003,value:…)`, which is what a node's name has more than that of the node around it. */
function ownName(node: RanNode, nodes: ReadonlyMap<string, RanNode>): { readonly task: string; readonly items: string } | undefined {
  const around = nodes.get(node.boundaryID ?? '');
  if (around === undefined) return undefined;
  const [, task, item] = /^([^(]+)(?:\((\d+):)?/.exec(node.name.slice(around.name.length + 1)) ?? [];
  return task === undefined ? undefined : { task, items: item === undefined ? '' : `(${item})` };
}

/** Of what was never made: the status of the group that kept it from being made, the innermost that there is. */
function statusOfGroup(around: readonly Group[], id: string, items: string, nodes: ReadonlyMap<string, RanNode>): TaskOutcome['status'] {
  const numbers = items.match(/\(\d+\)/g) ?? [];
  for (let depth = around.length - 1; depth >= 0; depth--) {
    const group = around[depth]!;
    const loops = around.slice(0, depth).filter(({ kind }) => kind === 'ForEach').length;
    const names = group.kind === 'When' ? [group.then.some((node) => holds(node, id)) ? group.id : `${group.id}-else`] : [group.id, `${group.id}-item`];
    for (const name of names) {
      const found = nodes.get(name + numbers.slice(0, loops).join(''));
      if (found?.phase === 'Skipped' || found?.phase === 'Omitted') return found.phase;
      // A condition or a list without a value: the group is the error, what is in it had no turn.
      if (found?.phase === 'Error') return 'Omitted';
    }
  }
  return 'none';
}

function holds(node: Node, id: string): boolean {
  return JSON.stringify(node).includes(`"id":${JSON.stringify(id)}`);
}

const KEYWORDS = ['not', 'in', 'or', 'and', 'matches', 'contains', 'let', 'if', 'else', 'true', 'false', 'nil'];

/** Words of Argo's expression language have `-task` behind them: docs/guides/argo.md. */
function argoName(id: string): string {
  return KEYWORDS.includes(id) ? `${id}-task` : id;
}
