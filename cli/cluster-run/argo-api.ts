import { gunzipSync, gzipSync } from 'node:zlib';
import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { demandChecked } from '../../dsl/check/index.ts';
import type { WorkflowTemplate } from '../../dsl/argo/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { IR_VERSION, type CheckedPipeline, type Pipeline } from '../../dsl/ir/index.ts';
import { portable } from '../../dsl/local/portable.ts';
import type { Reason } from '../../dsl/local/run-record.ts';
import { closest } from '../../dsl/util/index.ts';
import type { Cluster } from './connect.ts';
import { CAUSE, PIPELINE, type Workflow } from './workflow.ts';

/** Who wrote what, in the server's own books. */
const FIELD_MANAGER = 'pipewright';
const ARGO = { group: 'argoproj.io', version: 'v1alpha1' } as const;
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/** Writes a part of a pipeline that is too large for one object to the cluster, over whatever stood there. */
export async function applyTemplate({ ask, custom, namespace }: Cluster, template: WorkflowTemplate): Promise<void> {
  const { name } = template.metadata;
  await ask(`apply the WorkflowTemplate ${name!}`, () => custom.patchNamespacedCustomObject(
    { ...ARGO, namespace, plural: 'workflowtemplates', name: name!, body: template, fieldManager: FIELD_MANAGER, force: true },
    setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
  ));
}

export async function createWorkflow({ ask, custom, namespace }: Cluster, body: object): Promise<Workflow> {
  return (await ask('create the workflow', () => custom.createNamespacedCustomObject({ ...ARGO, namespace, plural: 'workflows', body, fieldManager: FIELD_MANAGER }))) as Workflow;
}

/** PW903 when there is none of this name. */
export async function readWorkflow(cluster: Cluster, name: string): Promise<Workflow> {
  const { custom, namespace } = cluster;
  const found = (await cluster.find(`read the workflow ${name}`, () => custom.getNamespacedCustomObject({ ...ARGO, namespace, plural: 'workflows', name }))) as Workflow | undefined;
  if (found !== undefined) return found;
  const { items } = await listWorkflows(cluster);
  const names = items.map(({ metadata }) => metadata.name);
  const near = closest(name, names) ?? names.filter((one) => one.includes(name)).at(-1);
  throw new PipewrightError({
    code: 'PW903',
    message: `There is no workflow "${name}" in the namespace ${namespace} of the cluster "${cluster.context}".`,
    fix: near !== undefined ? `Did you mean ${near}?` : names.length === 0 ? 'None has run there: start one with pipewright submit.' : `kubectl -n ${namespace} get workflows lists them.`,
  });
}

export async function listWorkflows(cluster: Cluster, name?: string): ReturnType<typeof listOnce> {
  return cluster.ask('list workflows', () => listOnce(cluster, name));
}

/** As the API answers, errors too. */
export async function listOnce({ custom, namespace }: Pick<Cluster, 'custom' | 'namespace'>, name?: string): Promise<{ readonly items: readonly Workflow[]; readonly resourceVersion: string }> {
  const found = (await custom.listNamespacedCustomObject({ ...ARGO, namespace, plural: 'workflows', ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }) })) as {
    readonly items: readonly Workflow[]; readonly metadata: { readonly resourceVersion: string };
  };
  return { items: found.items, resourceVersion: found.metadata.resourceVersion };
}

export function workflowsPath(namespace: string): string {
  return `/apis/${ARGO.group}/${ARGO.version}/namespaces/${namespace}/workflows`;
}

/** `Stop` lets the exit handler run, `Terminate` does not. */
export async function shutDown({ ask, custom, namespace }: Cluster, name: string, how: 'Stop' | 'Terminate', cause?: Reason & { readonly task: string }): Promise<void> {
  const annotations = cause === undefined ? {} : { metadata: { annotations: { [CAUSE]: JSON.stringify(cause) } } };
  await ask(`stop the workflow ${name}`, () => custom.patchNamespacedCustomObject({ ...ARGO, namespace, plural: 'workflows', name, body: { ...annotations, spec: { shutdown: how } }, fieldManager: FIELD_MANAGER }, MERGE));
}

/**
 * Writes into a finished workflow why it was given up, where `argo get` and the UI show it: all that Argo itself says
 * is that it was stopped. Workflows have no status subresource, so this is an ordinary patch.
 */
export async function leaveMessage({ ask, custom, namespace }: Cluster, name: string, message: string): Promise<void> {
  await ask(`write the message of the workflow ${name}`, () => custom.patchNamespacedCustomObject({ ...ARGO, namespace, plural: 'workflows', name, body: { status: { message } }, fieldManager: FIELD_MANAGER }, MERGE));
}

/** The pipeline as text for an annotation: without it, who follows a workflow would not know the author's names. */
export function packPipeline(pipeline: Pipeline): string {
  return gzipSync(JSON.stringify(portable(pipeline))).toString('base64');
}

/** The pipeline that a workflow was submitted with; undefined where it was made in another way. */
export function unpackPipeline({ metadata }: Workflow): CheckedPipeline | undefined {
  const packed = metadata.annotations?.[PIPELINE];
  if (packed === undefined) return undefined;
  try {
    const pipeline = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Pipeline;
    return pipeline.irVersion === IR_VERSION ? demandChecked(pipeline) : undefined;
  } catch {
    return undefined;
  }
}
