import type { CheckedPipeline } from '../ir/index.ts';
import { DagCompiler } from './dag.ts';
import { ENVIRONMENT_SECRET } from './environment.ts';
import { checkExitHandler } from './exit-handler.ts';
import { layOut } from './layout.ts';
import { checkLimits, LIMITS, type Limits } from './limits.ts';
import { Names } from './names.ts';
import { PICK, pickTemplates } from './pick.ts';
import { findBrokenReferences } from './self-check.ts';
import { StepTemplates, type StepSettings } from './step-template.ts';
import { cronWorkflow } from './schedule.ts';
import type { CronWorkflow, Template, Workflow, WorkflowTemplate } from './types.ts';
import { workflow, workflowTemplates } from './workflow.ts';

export interface CompileOptions {
  /** The image that a step runs in; the one in its contract unless stated. */
  readonly image?: StepSettings['image'];
  /** The account of the pods of steps that name none; the namespace's default one unless stated. They do not get its token. */
  readonly serviceAccountName?: string;
  /**
   * The account of Argo's own containers in each pod, which report what a step did; `pipewright-step` unless stated. It
   * needs a Secret with its token (docs/guides/argo.md). `false`: they and the steps share the token of the pod's account.
   */
  readonly executorAccount?: string | false;
  /** The image of the model server, for steps that declare the variable PIPEWRIGHT_SERVING_IMAGE. */
  readonly servingImage?: string;
  readonly namespace?: string;
  /**
   * The Secret with the environment variables that steps declare, one key for each; `pipewright-environment` unless stated.
   * That of a step with a service account of its own is `<account>-environment`.
   */
  readonly environmentSecret?: string;
  /** What the cluster takes; that of a cluster with Argo's full CRDs unless stated. */
  readonly limits?: Partial<Limits>;
}

/** What the installation in manifests/cluster calls it. */
const EXECUTOR_ACCOUNT = 'pipewright-step';

/** A pipeline as Argo's objects: plain data, not yet text. */
export interface ArgoDocuments {
  /** The pipeline. The first one is started; there are others only when one cannot hold it. */
  readonly workflowTemplates: readonly [WorkflowTemplate, ...WorkflowTemplate[]];
  /** What starts a run of it. */
  readonly workflow: Workflow;
  /** What starts runs of it by the clock, where it has a schedule. */
  readonly cronWorkflow?: CronWorkflow;
}

/**
 * Compiles a pipeline to objects of Argo Workflows 4.0 or later. Deterministic; time grows with nodes and edges.
 *
 * Throws PW201 for what Argo cannot express and PW202 for what is too large for it.
 */
export function compileToArgo(pipeline: CheckedPipeline, options: CompileOptions = {}): ArgoDocuments {
  const limits = { ...LIMITS, ...options.limits };
  checkExitHandler(pipeline);
  const layout = layOut(pipeline, limits);
  const names = new Names();
  const scopeNames = new Map(layout.scopes.map((scope) => [scope, names.claim(scope.name)]));
  const nameOf = (scope: (typeof layout.scopes)[number]): string => scopeNames.get(scope)!;
  const settings: StepSettings = {
    image: options.image ?? (({ image }) => image),
    environmentSecret: options.environmentSecret ?? ENVIRONMENT_SECRET,
    servingImage: options.servingImage,
  };
  const steps = new StepTemplates(pipeline, settings, names);
  const dags = new DagCompiler(layout, steps);
  const pick = names.claim(PICK);
  const templates: readonly Template[] = [
    // The two that the workflow names itself have to be in the first object.
    ...[...layout.scopes].sort((a, b) => Number(a.parent !== undefined) - Number(b.parent !== undefined)).map((scope) => dags.template(scope, nameOf, pick)),
    ...(dags.hasPicks ? pickTemplates(pick, names.claim('nothing')) : []),
    ...steps.templates,
  ];
  const entry = { entrypoint: nameOf(layout.body), onExit: layout.onExit && nameOf(layout.onExit) };
  const [main, ...others] = workflowTemplates(pipeline, templates, entry, { ...options, executorAccount: options.executorAccount ?? EXECUTOR_ACCOUNT }, limits.templates);
  const scheduled = cronWorkflow(pipeline, options);
  const documents: ArgoDocuments = { workflowTemplates: [main!, ...others], workflow: workflow(pipeline, options), ...(scheduled === undefined ? {} : { cronWorkflow: scheduled }) };
  checkLimits([...documents.workflowTemplates, documents.workflow], limits, pipeline.location);
  const broken = findBrokenReferences(documents.workflowTemplates);
  if (broken.length > 0) throw new Error(`the compiler to Argo made references that would hang a run: ${broken.join('; ')}`);
  return documents;
}
