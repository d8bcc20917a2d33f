/** Chains of steps that do next to nothing: what remains is what the engine and the authoring system cost. */
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, defineContainerStep, pipeline, t } from '../../dsl/index.ts';
import { compileToArgo, type Workflow } from '../../dsl/argo/index.ts';

const API_VERSION = 'argoproj.io/v1alpha1';
export const LENGTH = 5;

export interface Chain {
  readonly name: string;
  readonly workflow: Workflow;
}

/** Ours, as the compiler emits it, in one object: a workflow that holds its templates. */
function inOneObject(compiled: ReturnType<typeof compileToArgo>): Workflow {
  const { workflow, workflowTemplates } = compiled;
  const { workflowTemplateRef: _, ...start } = workflow.spec as Record<string, unknown>;
  return { ...workflow, spec: { ...workflowTemplates[0].spec, ...start } } as unknown as Workflow;
}

/** A chain as somebody writes it by hand: the same pods' settings, and nothing else. */
function byHand(like: Workflow, name: string, image: string, hasArtifacts: boolean): Workflow {
  const { securityContext, executor, automountServiceAccountToken, serviceAccountName, volumes, activeDeadlineSeconds } = like.spec as unknown as Record<string, unknown>;
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const container = { image, imagePullPolicy: 'IfNotPresent', securityContext: security };
  const file = { name: 'note', archive: { none: {} } };
  const tasks = Array.from({ length: LENGTH }, (_, at) => ({
    name: `step-${at}`,
    template: at === 0 && hasArtifacts ? 'first' : 'step',
    ...(at === 0 ? {} : { depends: `step-${at - 1}` }),
    ...(hasArtifacts && at > 0 ? { arguments: { artifacts: [{ name: 'note', from: `{{tasks.step-${at - 1}.outputs.artifacts.note}}` }] } } : {}),
  }));
  const outputs = { artifacts: [{ ...file, path: '/tmp/note', s3: { key: '{{workflow.name}}/{{workflow.uid}}/{{tasks.name}}/note' } }] };
  const writer = (from: string) => ({ ...container, command: ['sh', '-c', `${from} > /tmp/note`], volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] });
  const templates = hasArtifacts
    ? [
        { name: 'first', container: writer('echo hello'), outputs },
        { name: 'step', inputs: { artifacts: [{ name: 'note', path: '/pipewright/inputs/note' }] }, container: writer('cat /pipewright/inputs/note'), outputs },
      ]
    : [{ name: 'step', container: { ...container, command: ['true'] } }];
  return {
    apiVersion: API_VERSION,
    kind: 'Workflow',
    metadata: { generateName: `${name}-` },
    spec: { entrypoint: 'main', securityContext, executor, automountServiceAccountToken, serviceAccountName, volumes, activeDeadlineSeconds, templates: [{ name: 'main', dag: { tasks } }, ...templates] },
  } as unknown as Workflow;
}

/** Each chain of ours beside the same one by hand. `image` has a shell. */
export function containerChains(image: string): readonly Chain[] {
  const idle = defineContainerStep({ name: 'idle', image, command: () => ['true'] });
  const write = defineContainerStep({
    name: 'write', image, outputs: { note: artifact.file() },
    command: ({ output }) => ['sh', '-c', 'echo hello > "$1"', 'write', output('note')],
  });
  const copy = defineContainerStep({
    name: 'copy', image, inputs: { note: artifact.file() }, outputs: { note: artifact.file() },
    command: ({ input, output }) => ['sh', '-c', 'cat "$1" > "$2"', 'copy', input('note'), output('note')],
  });
  const params = { round: t.integer({ default: 0 }) };
  const idling = pipeline('bench-idle', { params }, ({ task }) => {
    let last = task(idle, {}, { name: 'step-0' });
    for (let at = 1; at < LENGTH; at++) last = task(idle, {}, { name: `step-${at}`, after: [last] });
  });
  const copying = pipeline('bench-copy', { params }, ({ task }) => {
    let { note } = task(write, {}, { name: 'step-0' });
    for (let at = 1; at < LENGTH; at++) note = task(copy, { note }, { name: `step-${at}` }).note;
  });
  const ours = [idling, copying].map((each) => inOneObject(compileToArgo(demandChecked(each))));
  return [
    { name: 'empty step, by hand', workflow: byHand(ours[0]!, 'bench-idle-hand', image, false) },
    { name: 'empty step, compiled', workflow: ours[0]! },
    { name: 'file in and out, by hand', workflow: byHand(ours[1]!, 'bench-copy-hand', image, true) },
    { name: 'file in and out, compiled', workflow: ours[1]! },
  ];
}
