import { gunzipSync } from 'node:zlib';

/*
 * What is read of Argo's Workflow object (argoproj.io/v1alpha1, Argo 4.0). The fields are Argo's own:
 * https://argo-workflows.readthedocs.io/en/latest/fields/#workflowstatus
 */

/** The annotation that says why a run was given up, as JSON: { task, code, message, fix }. */
export const CAUSE = 'pipewright/cause';
/** The annotation with the pipeline as it was when it was submitted: JSON, gzip, base64. */
export const PIPELINE = 'pipewright/pipeline';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Skipped' | 'Failed' | 'Error' | 'Omitted';

export interface WorkflowNode {
  readonly id: string;
  /** The whole way down: `<workflow>.outer(0:…).inner`. */
  readonly name: string;
  readonly type: 'Pod' | 'DAG' | 'Steps' | 'StepGroup' | 'TaskGroup' | 'Retry' | 'Skipped' | 'Suspend' | (string & {});
  readonly phase?: Phase;
  readonly templateName?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  /** Identifiers of nodes. */
  readonly children?: readonly string[];
  readonly outputs?: { readonly exitCode?: string; readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
}

export interface Workflow {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly shutdown?: string;
    readonly activeDeadlineSeconds?: number;
    readonly workflowTemplateRef?: { readonly name: string };
    readonly arguments?: { readonly parameters?: readonly { readonly name: string; readonly value?: string }[] };
  };
  readonly status?: {
    readonly phase?: Phase | '';
    readonly message?: string;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
    readonly nodes?: Readonly<Record<string, WorkflowNode>>;
    readonly compressedNodes?: string;
    readonly offloadNodeStatusVersion?: string;
  };
}

/** Nodes of a workflow by name. Argo packs them, as gzip in base64, when the object would get too large. */
export function nodesByName({ status }: Workflow): ReadonlyMap<string, WorkflowNode> {
  const packed = status?.compressedNodes;
  const nodes = packed ? (JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as NonNullable<typeof status>['nodes']) : status?.nodes;
  return new Map(Object.values(nodes ?? {}).map((node) => [node.name, node]));
}

export function hasEnded({ status }: Workflow): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' || status?.phase === 'Error';
}

/** Milliseconds since 1970; undefined for what has not happened. Argo knows whole seconds. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
