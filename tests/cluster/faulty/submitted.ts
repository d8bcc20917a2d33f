import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord, TaskRecord } from '../../../dsl/local/run-record.ts';
import type { Rig, Spoken } from '../../cli/rig.ts';
import { PROJECT } from '../surroundings.ts';
import { kubectl, objects } from '../kubectl.ts';

export const NAMESPACE = 'pipewright';
const FILE = join(PROJECT, 'tests/cluster/faulty/pipeline.ts');

export function pipelineFile(name?: string): string {
  return name === undefined ? FILE : `${FILE}#${name}`;
}

/** Another label, another fingerprint: no test takes what another one made. */
export function newLabel(): string {
  return `pwf-${randomBytes(4).toString('hex')}`;
}

/** Builds the image of the present code and loads it into the cluster; nothing to do when it is there. */
export function loadImages(): void {
  execFileSync(process.execPath, [join(PROJECT, 'cli/bin.mjs'), 'images', FILE, '--load'], { cwd: PROJECT, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Submits a pipeline and waits until it has been told of. */
export async function submit(rig: Rig, words: readonly string[]): Promise<Submitted> {
  const call = rig.start(['submit', ...words, '--output', 'plain']);
  await call.until('executor argo');
  return { ...call, workflow: /run (\S+), executor argo/.exec(call.told())![1]! };
}

export interface Submitted extends ReturnType<Rig['start']> {
  readonly workflow: string;
}

export async function runOf(rig: Rig, workflow: string): Promise<RunRecord> {
  return JSON.parse(await readFile(rig.path('.pipewright/runs', workflow, 'run.json'), 'utf8')) as RunRecord;
}

export async function taskOf(rig: Rig, workflow: string, task: string): Promise<TaskRecord> {
  return JSON.parse(await readFile(rig.path('.pipewright/runs', workflow, 'tasks', task, 'task.json'), 'utf8')) as TaskRecord;
}

/** Digests of all outputs, by task and output. */
export async function digestsOf(rig: Rig, workflow: string, tasks: readonly string[]): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
  const records = await Promise.all(tasks.map((task) => taskOf(rig, workflow, task)));
  return Object.fromEntries(records.map(({ task, outputs }) => [task, Object.fromEntries(Object.entries(outputs).map(([name, { digest }]) => [name, digest]))]));
}

/** What Argo shows of a workflow. */
export function messageOf(workflow: string): { readonly phase: string; readonly message: string } {
  const { status } = JSON.parse(kubectl('--namespace', NAMESPACE, 'get', 'workflow', workflow, '--output', 'json')) as { readonly status: { readonly phase: string; readonly message?: string; readonly nodes?: Readonly<Record<string, { readonly message?: string }>> } };
  return { phase: status.phase, message: [status.message ?? '', ...Object.values(status.nodes ?? {}).map(({ message }) => message ?? '')].join('\n') };
}

/** What these tests have made on the cluster; with a workflow go all its pods. */
export function removeWorkflows(names: readonly string[]): void {
  if (names.length > 0) kubectl('--namespace', NAMESPACE, 'delete', 'workflow', ...names, '--ignore-not-found', '--wait=false');
  const templates = objects('workflowtemplates', '--namespace', NAMESPACE).map(({ metadata }) => metadata.name).filter((name) => name.startsWith('pwf-'));
  if (templates.length > 0) kubectl('--namespace', NAMESPACE, 'delete', 'workflowtemplate', ...templates, '--ignore-not-found');
}

export function told({ stdout, stderr }: Spoken): string {
  return `${stdout}\n${stderr}`;
}
