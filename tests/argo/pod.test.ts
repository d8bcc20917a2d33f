import { describe, expect, it } from 'vitest';
import { compileToArgo, type CompileOptions, type ContainerTemplate } from '../../dsl/argo/index.ts';
import { pipeline, type RootScope } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, defineContainerStep, defineStep, t } from '../../dsl/contract/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import { argument, dagNamed, issueOf, stepNamed, stringsIn, taskNamed } from './support.ts';

const work = defineStep({ name: 'work', parameters: { n: t.integer() }, results: { twice: t.integer() } });
const shell = defineContainerStep({ name: 'shell', image: 'busybox', results: { rate: t.number(), row: t.json(), rows: t.list(t.json()), n: t.integer(), on: t.boolean(), text: t.string() }, command: ({ result }) => ['sh', ...(['rate', 'row', 'rows', 'n', 'on', 'text'] as const).map((name) => result(name))] });
const deploy = defineStep({ name: 'deploy', serviceAccount: 'pipewright-deploy', environment: ['PIPEWRIGHT_STORE', 'PIPEWRIGHT_SERVING_IMAGE'], secrets: ['AWS_ACCESS_KEY_ID', 'PIPEWRIGHT_RUN'] });
const folder = defineContainerStep({ name: 'folder', image: 'busybox', outputs: { all: artifact.directory(), one: artifact.file() }, command: ({ output }) => ['sh', output('all'), output('one')] });
const gather = defineStep({ name: 'gather', inputs: { folders: artifact.many(artifact.directory()) } });
const gatherFiles = defineStep({ name: 'gather-files', inputs: { files: artifact.many(artifact.file()) } });
const take = defineStep({ name: 'take', parameters: { value: t.json() } });
const takeText = defineContainerStep({ name: 'take-text', image: 'busybox', parameters: { rate: t.number({ default: 0 }), n: t.integer({ default: 0 }), on: t.boolean({ default: true }) }, command: ({ parameter }) => ['echo', parameter('rate'), parameter('n'), parameter('on')] });

function compile(body: (scope: RootScope<{}>) => void, options?: CompileOptions) {
  return compileToArgo(demandChecked(pipeline('p', {}, body) as Pipeline), options);
}

const variablesOf = ({ container }: ContainerTemplate): Readonly<Record<string, string>> =>
  Object.fromEntries((container.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? `${valueFrom!.secretKeyRef!.name}${valueFrom!.secretKeyRef!.optional ? '?' : ''}`]));

describe('the pod of a TypeScript step', () => {
  it('knows the store, its run and its task, and where to write what it did; none of it is declared', () => {
    const documents = compile(({ task }) => void task(work, { n: 1 }));
    const secret = 'pipewright-environment?';
    expect(variablesOf(stepNamed(documents, 'work'))).toEqual({
      PIPEWRIGHT_STORE: secret, S3_ENDPOINT: secret, AWS_REGION: secret, AWS_ACCESS_KEY_ID: secret, AWS_SECRET_ACCESS_KEY: secret,
      PIPEWRIGHT_RUN: '{{workflow.name}}', PIPEWRIGHT_TASK: '{{tasks.name}}', PIPEWRIGHT_RECORD: '/pipewright/results/_record', PIPEWRIGHT_PROTOCOL: 'lines', HOME: '/tmp',
    });
    expect(stepNamed(documents, 'work').outputs?.parameters).toEqual([
      { name: 'twice', valueFrom: { path: '/pipewright/results/twice' } }, { name: '_record', valueFrom: { path: '/pipewright/results/_record', default: '' } },
    ]);
  });

  it('is told its name in the pipeline and its item, whatever Argo calls it', () => {
    const documents = compile(({ task, forEach }) => {
      task(work, { n: 1 }, { name: 'plain' });
      task(work, { n: 1 }, { name: 'in' });
      forEach([1, 2], (n, { task }) => task(work, { n }, { name: 'looped' }));
      forEach([1, 2], (n, { forEach }) => forEach([3], (_m, { task }) => task(work, { n }, { name: 'inner' }), { name: 'rows' }), { name: 'columns' });
    });
    const told = (task: string, dag?: string): readonly (string | undefined)[] => {
      const variables = variablesOf(stepNamed(documents, taskNamed(documents, task, dag).template!));
      return [variables['PIPEWRIGHT_TASK'], variables['PIPEWRIGHT_ITEM']];
    };
    expect(told('plain')).toEqual(['{{tasks.name}}', undefined]);
    expect(told('in-task')).toEqual(['in', undefined]);
    expect(told('looped')).toEqual(['looped', '{{inputs.parameters._item}}']);
    expect(argument(taskNamed(documents, 'looped'), '_item')).toBe('{{item.index}}');
    expect(told('inner', 'columns')).toEqual(['inner', '{{inputs.parameters._item}}']);
    expect(argument(taskNamed(documents, 'inner', 'columns'), '_item')).toBe('{{inputs.parameters.columns_index}}/{{item.index}}');
  });

  it('is told when the author turned the cache off, and shares no template with one that was not', () => {
    const documents = compile(({ task }) => {
      task(work, { n: 1 }, { name: 'a' });
      task(work, { n: 1 }, { name: 'b', cache: false });
    });
    expect(['a', 'b'].map((name) => variablesOf(stepNamed(documents, taskNamed(documents, name).template!))['PIPEWRIGHT_CACHE'])).toEqual([undefined, 'off']);
  });

  it('of another program has none of this', () => {
    const template = stepNamed(compile(({ task }) => void task(shell, {})), 'shell');
    expect(variablesOf(template)).toEqual({ HOME: '/tmp' });
    expect(template.outputs?.parameters?.map(({ name }) => name)).not.toContain('_record');
  });
});

describe('who a pod is', () => {
  it('is nobody: only Argo\'s own containers report, with no more rights than a step', () => {
    const { spec } = compile(({ task }) => void task(work, { n: 1 })).workflowTemplates[0];
    expect(spec).toMatchObject({ automountServiceAccountToken: false, executor: { serviceAccountName: 'pipewright-step' } });
    const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 1000 };
    expect(JSON.parse(spec.podSpecPatch!)).toEqual({ containers: [{ name: 'wait', securityContext: security }], initContainers: [{ name: 'init', securityContext: security }] });
  });

  it('is another account where the options say so, or the pods\' own', () => {
    const specOf = (options: CompileOptions) => compile(({ task }) => void task(work, { n: 1 }), options).workflowTemplates[0].spec;
    expect(specOf({ executorAccount: 'reporter', serviceAccountName: 'runner' })).toMatchObject({ serviceAccountName: 'runner', automountServiceAccountToken: false, executor: { serviceAccountName: 'reporter' } });
    expect(Object.keys(specOf({ executorAccount: false }))).not.toEqual(expect.arrayContaining([expect.stringMatching(/automount|executor/)]));
  });

  it('is what its step says, with a token and a Secret of its own', () => {
    const documents = compile(({ task }) => void task(deploy, {}, { pod: { nodeSelector: { disk: 'ssd' } } }), { servingImage: 'registry.example/pipewright/serving:0123', environmentSecret: 'mine' });
    const template = stepNamed(documents, 'deploy');
    expect(template).toMatchObject({ serviceAccountName: 'pipewright-deploy', automountServiceAccountToken: true });
    // The pod itself has to say yes where the account says no: Argo hands only the no on.
    expect(JSON.parse(template.podSpecPatch!)).toEqual({ automountServiceAccountToken: true, nodeSelector: { disk: 'ssd' } });
    const secret = 'pipewright-deploy-environment?';
    expect(variablesOf(template)).toMatchObject({
      PIPEWRIGHT_STORE: secret, AWS_ACCESS_KEY_ID: secret, AWS_SECRET_ACCESS_KEY: secret, PIPEWRIGHT_RUN: '{{workflow.name}}', PIPEWRIGHT_SERVING_IMAGE: 'registry.example/pipewright/serving:0123',
    });
    expect(new Set(template.container.env!.map(({ name }) => name)).size).toBe(template.container.env!.length);
  });

  it('is not given the image of the server unless it asks', () => {
    expect(stringsIn(compile(({ task }) => void task(work, { n: 1 }), { servingImage: 'serving:0123' }))).not.toContain('serving:0123');
  });

  it('has to be a name that Kubernetes takes', () => {
    for (const serviceAccount of ['Deployer', 'a_b', '', 'a'.repeat(64)]) {
      expect(issueOf(() => defineStep({ name: 's', serviceAccount }))).toMatchObject({ code: 'PW111', message: expect.stringContaining('its service account is') });
    }
  });
});

describe('folders of attempts', () => {
  const RUN = '{{workflow.name}}/{{workflow.uid}}/{{tasks.name}}';
  const keysOf = (template: ContainerTemplate): readonly (string | undefined)[] => template.outputs!.artifacts!.map(({ s3 }) => s3?.key);

  it('are kept apart for programs whose failed attempts are uploaded too', () => {
    const retried = compile(({ task }) => void task(folder, {}, { retry: { limit: 2 } }));
    expect(keysOf(stepNamed(retried, 'folder'))).toEqual([`${RUN}/all/{{retries}}/`, `${RUN}/one`]);
    expect(keysOf(stepNamed(compile(({ task }) => void task(folder, {})), 'folder'))).toEqual([`${RUN}/all/`, `${RUN}/one`]);
  });

  it('are refused where a loop gathers them, because there the prefix holds items', () => {
    const gathered = () => compile(({ task, forEach }) => void task(gather, { folders: forEach([1], (_n, { task }) => task(folder, {}, { retry: { limit: 2 } })).all }));
    expect(issueOf(gathered)).toMatchObject({ code: 'PW201', message: expect.stringContaining('files of a failed attempt would stay'), location: { file: expect.stringContaining('pod.test.ts') } });
    expect(() => compile(({ task, forEach }) => void task(gather, { folders: forEach([1], (_n, { task }) => task(folder, {})).all }))).not.toThrow();
    expect(() => compile(({ task, forEach }) => void task(gatherFiles, { files: forEach([1], (_n, { task }) => task(folder, {}, { retry: { limit: 2 } })).one }))).not.toThrow();
  });
});

describe('what a program in another language wrote', () => {
  it('is handed on in its text form where it may have several; a step of ours writes no other', () => {
    const documents = compile(({ task, when }) => {
      const { rate, row, rows, n, on } = task(shell, {});
      task(takeText, { rate, n, on });
      task(take, { value: row }, { name: 'take-row' });
      task(take, { value: rows }, { name: 'take-rows' });
      task(work, { n: task(work, { n }).twice }, { name: 'again' });
      when(on, ({ task }) => void [task(takeText, { rate }, { name: 'nested' }), task(takeText, { rate }, { name: 'nested-too' })], { name: 'group' });
    });
    const given = (task: string, parameter: string, dag?: string): string | undefined => argument(taskNamed(documents, task, dag), parameter);
    expect(given('take-text', 'rate')).toBe('{{=toJson(fromJSON(tasks["shell"].outputs.parameters["rate"]))}}');
    expect([given('take-text', 'n'), given('take-text', 'on')]).toEqual(['{{tasks.shell.outputs.parameters.n}}', '{{tasks.shell.outputs.parameters.on}}']);
    expect(given('take-row', 'value')).toContain('toJson(fromJSON(tasks["shell"].outputs.parameters["row"]))');
    expect(given('take-rows', 'value')).toContain('toJson(fromJSON(tasks["shell"].outputs.parameters["rows"]))');
    expect(given('again', 'n')).toBe('{{tasks.work.outputs.parameters.twice}}');
    expect(given('nested', 'rate', 'group')).toBe('{{=toJson(fromJSON(inputs.parameters["shell_rate"]))}}');
    expect(dagNamed(documents, 'group').inputs?.parameters).toEqual([{ name: 'shell_rate' }]);
  });
});
