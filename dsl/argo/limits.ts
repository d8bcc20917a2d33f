import { PipewrightError, type SourceLocation } from '../errors/index.ts';
import type { Template, Workflow, WorkflowTemplate } from './types.ts';

/**
 * How large Argo's objects may be. A cluster can be set up for more: `bytes` by MAX_WORKFLOW_SIZE (up to what etcd takes),
 * the others by the minimal instead of the full CRDs.
 */
export interface Limits {
  /** Tasks in one DAG: the full CRDs' maxItems of `dag.tasks`. */
  readonly tasks: number;
  /** Templates in one WorkflowTemplate: the full CRDs' maxItems of `templates`. */
  readonly templates: number;
  /** Parameters that enter one template: the full CRDs' maxItems of `inputs.parameters`. */
  readonly parameters: number;
  /**
   * All WorkflowTemplates of a pipeline together, as JSON: a running workflow keeps a copy of each in its status, and
   * Argo refuses a workflow of 1 MiB.
   */
  readonly bytes: number;
}

export const LIMITS: Limits = { tasks: 200, templates: 200, parameters: 500, bytes: 1024 * 1024 };

/** Refuses with PW202 what Argo would refuse or, worse, what would break when it runs. */
export function checkLimits(objects: readonly (WorkflowTemplate | Workflow)[], limits: Limits, location: SourceLocation | undefined): void {
  const bytes = objects.reduce((sum, object) => sum + Buffer.byteLength(JSON.stringify(object)), 0);
  if (bytes >= limits.bytes) {
    throw new PipewrightError({
      code: 'PW202',
      message: `The pipeline takes ${bytes.toLocaleString('en')} bytes as Argo's objects; a running workflow may have ${limits.bytes.toLocaleString('en')}, its own state included.`,
      fix: 'Loop over a list with forEach instead of writing each task down, or divide the pipeline into two.',
      location,
    });
  }
  for (const object of objects) {
    if (object.kind === 'WorkflowTemplate') for (const template of object.spec.templates) checkTemplate(template, limits, location);
  }
}

function checkTemplate(template: Template, limits: Limits, location: SourceLocation | undefined): void {
  const count = template.inputs?.parameters?.length ?? 0;
  if (count > limits.parameters) {
    throw new PipewrightError({
      code: 'PW202',
      message: `The template "${template.name}" takes ${count} parameters; Argo allows ${limits.parameters}.`,
      fix: 'Pass fewer values into the group: gather them in one JSON result.',
      location,
    });
  }
  const bytes = 'container' in template ? Buffer.byteLength(JSON.stringify(template.container.args ?? [])) : 0;
  if (bytes > WORDS) {
    throw new PipewrightError({
      code: 'PW202',
      message: `The command line of "${template.name}" has ${bytes.toLocaleString('en')} bytes. Argo hands on more than ${WORDS.toLocaleString('en')} in a file, past the kubelet that would give texts their own form back.`,
      fix: 'Put the program into the image instead of the command line.',
      location,
    });
  }
}

/** The arguments of a container as JSON: common.MaxEnvVarLen in workflow/common/common.go. */
const WORDS = 131_072;
