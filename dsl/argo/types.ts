import type { V1Container, V1PodSecurityContext, V1Volume } from '@kubernetes/client-node';

/*
 * The parts of Argo's objects that Pipewright emits, as narrow as it emits them (argoproj.io/v1alpha1, Argo 4.0). The
 * fields are Argo's own: https://argo-workflows.readthedocs.io/en/latest/fields/
 */

export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ValueFrom {
  /** A file in a container; the text in it is the value. */
  readonly path?: string;
  /** A simple tag: the output of a DAG is the output of one of its tasks. */
  readonly parameter?: string;
  /** An expression, without braces. */
  readonly expression?: string;
  readonly default?: string;
}

export interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly value?: string;
  readonly default?: string;
  readonly valueFrom?: ValueFrom;
}

export interface Artifact {
  readonly name: string;
  readonly path?: string;
  readonly from?: string;
  readonly fromExpression?: string;
  readonly archive?: { readonly none: Readonly<Record<string, never>> };
  /** Only the key: bucket and credentials are the artifact repository's. */
  readonly s3?: { readonly key: string };
  readonly optional?: true;
}

export interface Ports {
  readonly parameters?: readonly Parameter[];
  readonly artifacts?: readonly Artifact[];
}

export interface TemplateRef {
  readonly name: string;
  readonly template: string;
}

/** An element of a loop over a literal list. */
export interface LoopItem {
  readonly index: string;
  readonly value: string;
}

export interface DAGTask {
  readonly name: string;
  readonly template?: string;
  readonly templateRef?: TemplateRef;
  readonly depends?: string;
  readonly when?: string;
  readonly withItems?: readonly LoopItem[];
  readonly withParam?: string;
  readonly arguments?: Ports;
}

export interface RetryStrategy {
  readonly limit: string;
  readonly retryPolicy: 'Always';
  readonly expression: string;
  readonly backoff?: { readonly duration: string; readonly factor: string; readonly cap?: string };
}

interface TemplateBase {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly inputs?: Ports;
  readonly outputs?: Ports;
}

export interface DAGTemplate extends TemplateBase {
  readonly dag: { readonly failFast: false; readonly tasks: readonly DAGTask[] };
  readonly parallelism?: number;
}

export interface ContainerTemplate extends TemplateBase {
  readonly container: Omit<V1Container, 'name'>;
  readonly activeDeadlineSeconds?: number;
  readonly retryStrategy?: RetryStrategy;
  /** A strategic-merge patch of the pod, as JSON. */
  readonly podSpecPatch?: string;
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: true;
}

export interface SuspendTemplate extends TemplateBase {
  readonly suspend: { readonly duration: string };
}

export type Template = DAGTemplate | ContainerTemplate | SuspendTemplate;

export interface WorkflowTemplateSpec {
  readonly entrypoint?: string;
  readonly onExit?: string;
  readonly arguments?: Ports;
  readonly activeDeadlineSeconds?: number;
  readonly parallelism?: number;
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: false;
  /** Who Argo's own container in a pod is. */
  readonly executor?: { readonly serviceAccountName: string };
  /** A strategic-merge patch of every pod, as JSON. */
  readonly podSpecPatch?: string;
  readonly securityContext?: V1PodSecurityContext;
  readonly volumes?: readonly V1Volume[];
  readonly templates: readonly Template[];
}

export interface WorkflowTemplate {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'WorkflowTemplate';
  readonly metadata: ObjectMeta;
  readonly spec: WorkflowTemplateSpec;
}

export interface Workflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Workflow';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly workflowTemplateRef: { readonly name: string }; readonly arguments?: Ports };
}

export interface CronWorkflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'CronWorkflow';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly schedules: readonly string[];
    readonly timezone: string;
    readonly concurrencyPolicy: 'Forbid' | 'Allow' | 'Replace';
    readonly startingDeadlineSeconds: number;
    readonly successfulJobsHistoryLimit: number;
    readonly failedJobsHistoryLimit: number;
    readonly workflowMetadata: ObjectMeta;
    readonly workflowSpec: Workflow['spec'];
  };
}

export function isDag(template: Template): template is DAGTemplate {
  return 'dag' in template;
}
