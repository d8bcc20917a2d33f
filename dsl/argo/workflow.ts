import type { CheckedPipeline } from '../ir/index.ts';
import { canonicalJson } from '../util/index.ts';
import { EXECUTOR_PATCH, POD_SECURITY, VOLUMES } from './container.ts';
import { workflowParameters } from './parameter.ts';
import { describe } from './step-template.ts';
import { isDag, type ObjectMeta, type Template, type Workflow, type WorkflowTemplate } from './types.ts';
import { PIPEWRIGHT_VERSION } from './version.ts';

const API_VERSION = 'argoproj.io/v1alpha1';

interface Place {
  readonly namespace?: string | undefined;
  readonly serviceAccountName?: string | undefined;
  /** The account of Argo's own containers; false: the pods' own. */
  readonly executorAccount: string | false;
}

interface Entry {
  readonly entrypoint: string;
  readonly onExit?: string | undefined;
}

/** The object that a cluster keeps: the pipeline itself. The first one is the one to start; others hold what it had no room for. */
export function workflowTemplates(pipeline: CheckedPipeline, templates: readonly Template[], entry: Entry, place: Place, limit: number): readonly WorkflowTemplate[] {
  const names = Array.from({ length: Math.max(1, Math.ceil(templates.length / limit)) }, (_, index) => (index === 0 ? pipeline.name : `${pipeline.name}-part-${index + 1}`));
  const homeOf = new Map(templates.map(({ name }, index) => [name, names[Math.floor(index / limit)]!]));
  return names.map((name, index) => ({
    apiVersion: API_VERSION,
    kind: 'WorkflowTemplate',
    metadata: metadataOf(pipeline, { name }, place, index === 0),
    spec: {
      ...(index === 0 ? mainSpec(pipeline, entry, place) : {}),
      templates: templates.slice(index * limit, (index + 1) * limit).map((template) => refer(template, name, homeOf)),
    },
  }));
}

function mainSpec(pipeline: CheckedPipeline, { entrypoint, onExit }: Entry, { serviceAccountName, executorAccount }: Place): Omit<WorkflowTemplate['spec'], 'templates'> {
  const parameters = workflowParameters(pipeline);
  return {
    entrypoint,
    ...(onExit === undefined ? {} : { onExit }),
    ...(parameters.length > 0 ? { arguments: { parameters } } : {}),
    // Argo waits for ever on some mistakes, a lost pod for one: so there is always a deadline.
    activeDeadlineSeconds: Math.ceil(pipeline.timeoutSeconds),
    ...(pipeline.parallelism === undefined ? {} : { parallelism: pipeline.parallelism }),
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    // Argo's own containers have to report what a step did; the step itself has nothing to say to Kubernetes.
    ...(executorAccount === false ? {} : { automountServiceAccountToken: false as const, executor: { serviceAccountName: executorAccount } }),
    podSpecPatch: canonicalJson(EXECUTOR_PATCH),
    securityContext: POD_SECURITY,
    volumes: VOLUMES,
  };
}

/** A task refers to a template of the same object by its name, to one of another object by both names. */
function refer(template: Template, home: string, homeOf: ReadonlyMap<string, string>): Template {
  if (!isDag(template) || new Set(homeOf.values()).size === 1) return template;
  return {
    ...template,
    dag: {
      ...template.dag,
      tasks: template.dag.tasks.map(({ template: name, ...task }) =>
        name === undefined || homeOf.get(name) === home ? { ...task, ...(name === undefined ? {} : { template: name }) } : { ...task, templateRef: { name: homeOf.get(name)!, template: name } }),
    },
  };
}

/** The object that starts a run. Its arguments are there to be edited. */
export function workflow(pipeline: CheckedPipeline, place: Pick<Place, 'namespace'>): Workflow {
  const parameters = workflowParameters(pipeline).map(({ name, value }) => ({ name, ...(value === undefined ? {} : { value }) }));
  return {
    apiVersion: API_VERSION,
    kind: 'Workflow',
    metadata: metadataOf(pipeline, { generateName: `${pipeline.name}-` }, place, false),
    spec: { workflowTemplateRef: { name: pipeline.name }, ...(parameters.length > 0 ? { arguments: { parameters } } : {}) },
  };
}

/** No time, no path, no line of a file: the same pipeline gives the same bytes wherever and whenever it is compiled. */
export function metadataOf(pipeline: CheckedPipeline, name: ObjectMeta, { namespace }: Pick<Place, 'namespace'>, isMain: boolean): ObjectMeta {
  return {
    ...name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: { 'app.kubernetes.io/managed-by': 'pipewright', 'app.kubernetes.io/part-of': pipeline.name },
    annotations: {
      'pipewright/ir-version': String(pipeline.irVersion),
      'pipewright/version': PIPEWRIGHT_VERSION,
      ...(isMain && pipeline.description !== undefined ? describe(pipeline.description) : {}),
    },
  };
}
