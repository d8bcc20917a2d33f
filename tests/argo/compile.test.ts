import { describe, expect, it } from 'vitest';
import { compileToArgo, isDag } from '../../dsl/argo/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { defineContainerStep, t } from '../../dsl/contract/index.ts';
import { corpus, say, type CorpusName } from './corpus.ts';
import { ODD_TEXTS } from './random-pipeline.ts';
import { argument, compileCorpus, dagNamed, expandAsKubelet, stepNamed, stringsIn, taskNamed, templatesOf } from './support.ts';

const RUN = '{{workflow.name}}/{{workflow.uid}}';

describe('the two objects', () => {
  const { workflowTemplates: [template, ...more], workflow } = compileCorpus('linear', { namespace: 'ml', serviceAccountName: 'runner' });

  it('are the pipeline and what starts it', () => {
    expect(more).toEqual([]);
    expect(template).toMatchObject({
      apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowTemplate',
      metadata: { name: 'linear', namespace: 'ml', labels: { 'app.kubernetes.io/part-of': 'linear', 'app.kubernetes.io/managed-by': 'pipewright' }, annotations: { 'pipewright/ir-version': '1', 'workflows.argoproj.io/description': 'One after the other' } },
      spec: { entrypoint: 'main', serviceAccountName: 'runner', activeDeadlineSeconds: 86_400, arguments: { parameters: [{ name: 'text', description: 'What to say', value: 'hello' }] } },
    });
    expect(workflow).toMatchObject({
      kind: 'Workflow', metadata: { generateName: 'linear-', namespace: 'ml' },
      spec: { workflowTemplateRef: { name: 'linear' }, arguments: { parameters: [{ name: 'text', value: 'hello' }] } },
    });
  });

  it('say nothing of when and where they were made', () => {
    for (const name of Object.keys(corpus) as CorpusName[]) {
      for (const text of stringsIn(compileCorpus(name))) {
        expect(text).not.toContain(process.cwd());
        expect(text).not.toMatch(/file:|\.ts\b/);
      }
    }
  });

  it('let Argo stop nothing because something else failed', () => {
    for (const name of Object.keys(corpus) as CorpusName[]) {
      for (const part of templatesOf(compileCorpus(name))) if (isDag(part)) expect(part.dag.failFast).toBe(false);
    }
  });

  it('offer the texts of an enumeration as a choice, and leave a parameter without a default to the run', () => {
    const graph = demandChecked(pipeline('choice', { params: { mode: t.enum(['a', 'b']), size: t.integer() } }, ({ params, task }) => { task(say, { text: params.mode }); }));
    const documents = compileToArgo(graph);
    expect(documents.workflowTemplates[0].spec.arguments).toEqual({ parameters: [{ name: 'mode', enum: ['a', 'b'] }, { name: 'size' }] });
    expect(documents.workflow.spec.arguments).toEqual({ parameters: [{ name: 'mode' }, { name: 'size' }] });
  });
});

describe('a step', () => {
  it('becomes one template, however many tasks use it in the same way', () => {
    const documents = compileCorpus('linear');
    expect(templatesOf(documents).map(({ name }) => name)).toEqual(['main', 'say']);
    expect(dagNamed(documents).dag.tasks.map(({ name, template, depends }) => [name, template, depends])).toEqual([
      ['say', 'say', undefined], ['again', 'say', 'say'], ['last', 'say', 'again && say'],
    ]);
  });

  it('gets another template where its settings differ', () => {
    const documents = compileCorpus('settings');
    expect(templatesOf(documents).map(({ name }) => name)).toEqual(['main', 'write', 'second', 'read']);
    expect(stepNamed(documents, 'write')).toMatchObject({
      activeDeadlineSeconds: 600,
      retryStrategy: { limit: '3', retryPolicy: 'Always', expression: 'lastRetry.status == "Error" || lastRetry.exitCode != "64"', backoff: { duration: '5s', factor: '2', cap: '60s' } },
      container: { resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } } },
    });
    expect(stepNamed(documents, 'second').retryStrategy).toEqual({ limit: '1', retryPolicy: 'Always', expression: 'lastRetry.status == "Error" || lastRetry.exitCode != "64"' });
    expect(JSON.parse(stepNamed(documents, 'read').podSpecPatch!)).toEqual({ nodeSelector: { disk: 'ssd' }, containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] });
    expect(documents.workflowTemplates[0].spec.activeDeadlineSeconds).toBe(5400);
  });

  it('runs its own command line, with a tag for each parameter', () => {
    const { container } = stepNamed(compileCorpus('diamond'), 'write');
    expect([...container.command!, ...container.args!]).toEqual([
      'node', '/app/main.mjs', '--parameter', 'text={{=inputs.parameters["text"]}}', '--output', 'file=/pipewright/outputs/file', '--output', 'folder=/pipewright/outputs/folder',
      '--result', 'size=/pipewright/results/size',
    ]);
    const counted = stepNamed(compileCorpus('fan-out-parameters'), 'count').container;
    expect(counted.command).toEqual(['count']);
    expect(counted.args?.[0]).toBe('--n={{inputs.parameters.n}}');
  });

  it('fits the restricted Pod Security Standard and a read-only root', () => {
    const documents = compileCorpus('diamond');
    expect(documents.workflowTemplates[0].spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } });
    const { container } = stepNamed(documents, 'write');
    expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
    expect(container.volumeMounts).toEqual([
      { name: 'outputs', mountPath: '/pipewright/outputs' }, { name: 'results', mountPath: '/pipewright/results' }, { name: 'tmp', mountPath: '/tmp' },
    ]);
    expect(documents.workflowTemplates[0].spec.volumes?.map(({ name, emptyDir }) => [name, emptyDir])).toEqual([['outputs', {}], ['results', {}], ['tmp', {}]]);
    expect(container.resources).toEqual({ requests: { cpu: '250m', memory: '128Mi' }, limits: { cpu: '1', memory: '128Mi' } });
  });

  it('gets the variables that it declares from the Secret, and its run', () => {
    const step = defineContainerStep({ name: 's', image: 'i', environment: ['REGION'], secrets: ['KEY', 'PIPEWRIGHT_RUN'], command: () => ['s'] });
    const graph = demandChecked(pipeline('p', {}, ({ task }) => { task(step, {}); }));
    const from = (key: string, name = 'pipewright-environment') => ({ name: key, valueFrom: { secretKeyRef: { name, key, optional: true } } });
    expect(stepNamed(compileToArgo(graph), 's').container.env).toEqual([from('REGION'), from('KEY'), { name: 'PIPEWRIGHT_RUN', value: '{{workflow.name}}' }, { name: 'HOME', value: '/tmp' }]);
    expect(stepNamed(compileToArgo(graph, { environmentSecret: 'other' }), 's').container.env?.[0]).toEqual(from('REGION', 'other'));
  });

  it('takes the image that the options say', () => {
    const documents = compileCorpus('linear', { image: ({ name, image }) => `registry.example/${name}:${image.length}` });
    expect(stepNamed(documents, 'say').container).toMatchObject({ image: 'registry.example/say:12', imagePullPolicy: 'IfNotPresent' });
  });

  it('has its description where braces do no harm', () => {
    expect(stepNamed(compileCorpus('diamond'), 'write').annotations).toEqual({ 'workflows.argoproj.io/description': 'Writes a file and a folder. Braces { {stay}} readable.' });
  });
});

describe('values', () => {
  it('pass as texts: literals as they are, plain types in simple tags, texts protected', () => {
    const documents = compileCorpus('diamond');
    expect(argument(taskNamed(documents, 'write'), 'text')).toBe('top');
    expect(argument(taskNamed(documents, 'bottom'), 'text')).toBe(
      '{{=replace(replace(tasks["left"].outputs.parameters["text"] + " and " + tasks["right"].outputs.parameters["text"] + ", " + tasks["write"].outputs.parameters["size"] + " bytes", "$", "$$"), "\\x7b\\x7b", "{$(PIPEWRIGHT_BRACE)")}}',
    );
    expect(taskNamed(documents, 'bottom').depends).toBe('left && right && write');
    expect(argument(taskNamed(compileCorpus('if-else-join'), 'total'), 'numbers')).toBe('[1]');
  });

  it('are read by their type where they are calculated with', () => {
    const documents = compileCorpus('expressions');
    expect(argument(taskNamed(documents, 'count'), 'n')).toBe(
      '{{=toJson((((asInt(workflow.parameters["n"]) + 1) * 2) - asFloat(workflow.parameters["f"])) / (-2))}}',
    );
    expect(taskNamed(documents, 'equal').when).toBe(
      '{{=(toJson(fromJSON(workflow.parameters["j"])) == toJson(fromJSON("{\\"a\\":1,\\"s\\":\\"\\x7b{\\"}"))) && (workflow.parameters["s"] != "\\"\\x7d}\\x5cu003c")}}',
    );
    expect(argument(taskNamed(documents, 'show'), 'value')).toContain('toJson(workflow.parameters["s"])');
    expect(argument(taskNamed(documents, 'member'), 'value')).toContain('toJson("s" in fromJSON(workflow.parameters["j"]) ? fromJSON(workflow.parameters["j"])["s"] : fromJSON("no member s"))');
  });

  it('reach the program as they were written, whatever they contain', () => {
    const documents = compileCorpus('odd-texts');
    const environment = { PIPEWRIGHT_BRACE: '{', HOME: '/root' };
    for (const [index, text] of ODD_TEXTS.entries()) {
      const given = argument(taskNamed(documents, `odd-${index}`), 'text')!;
      expect(given).not.toContain('{{');
      expect(expandAsKubelet(given, environment)).toBe(text);
    }
    const { container } = stepNamed(documents, 'odd');
    expect(container.env).toContainEqual({ name: 'PIPEWRIGHT_BRACE', value: '{' });
    expect(container.args!.slice(0, ODD_TEXTS.length).map((word) => expandAsKubelet(word, environment))).toEqual(ODD_TEXTS);
    const joined = container.args!.slice(ODD_TEXTS.length).map((word) => expandAsKubelet(word.replace(/\{\{=?inputs[^}]*\}\}/, '(HOME)'), environment));
    expect(joined).toEqual(['{(HOME)', '$(HOME)', '{{x}} $$(HOME)', '--n=(HOME)']);
  });
});

describe('a loop', () => {
  it('over a literal list numbers its items', () => {
    const documents = compileCorpus('fan-out-parameters');
    expect(taskNamed(documents, 'count')).toEqual({
      name: 'count', template: 'count', arguments: { parameters: [{ name: 'n', value: '{{item.value}}' }] },
      withItems: [{ index: '000000', value: '0.001' }, { index: '000001', value: '0.003' }, { index: '000002', value: '0.01' }],
    });
  });

  it('gathers results by their type, so that their shape never depends on what they are', () => {
    const documents = compileCorpus('fan-out-parameters');
    expect(argument(taskNamed(documents, 'total'), 'numbers')).toBe('{{=toJson(map(fromJSON(tasks["count"].outputs.parameters["n"]), fromJSON(#)))}}');
    expect(argument(taskNamed(documents, 'show'), 'value')).toContain('map(fromJSON(tasks["count"].outputs.parameters["row"]), type(#) == "string" ? fromJSON(#) : #)');
    expect(argument(taskNamed(documents, 'join'), 'texts')).toContain('toJson(fromJSON(tasks["count"].outputs.parameters["kind"]))');
  });

  it('wraps texts, of which Argo would make objects when they look like some', () => {
    const documents = compileCorpus('fan-out-texts');
    expect(taskNamed(documents, 'for-each')).toMatchObject({ template: 'for-each', arguments: { parameters: [{ name: 'for-each_item', value: '{{item.value}}' }] } });
    expect(dagNamed(documents, 'for-each').outputs).toEqual({ parameters: [{ name: 'for-each_say_text', valueFrom: { expression: 'toJson({"value": tasks["say"].outputs.parameters["text"]})' } }] });
    expect(argument(taskNamed(documents, 'join'), 'texts')).toContain('map(fromJSON(tasks["for-each"].outputs.parameters["for-each_say_text"]), #["value"])');
  });

  it('files artifacts below one prefix, which is the collection', () => {
    const documents = compileCorpus('fan-out-artifacts');
    expect(stepNamed(documents, 'write').outputs?.artifacts).toEqual([
      { name: 'file', path: '/pipewright/outputs/file', archive: { none: {} }, s3: { key: `${RUN}/write/file/{{inputs.parameters._item}}` } },
      { name: 'folder', path: '/pipewright/outputs/folder', archive: { none: {} }, s3: { key: `${RUN}/write/folder/{{inputs.parameters._item}}/` } },
    ]);
    expect(argument(taskNamed(documents, 'write'), '_item')).toBe('{{item.index}}');
    expect(taskNamed(documents, 'gather')).toMatchObject({ depends: 'write', arguments: { artifacts: [{ name: 'files', archive: { none: {} }, s3: { key: `${RUN}/write/file/` } }] } });
    expect(taskNamed(documents, 'gather').arguments?.artifacts?.[0]).not.toHaveProperty('optional');
  });

  it('over a list that is known only then numbers it in an expression, and may be empty', () => {
    const documents = compileCorpus('dynamic-list');
    const loop = taskNamed(documents, 'write');
    expect(loop.withParam).toBe('{{=toJson(map(fromJSON(tasks["count"].outputs.parameters["list"]), ({"index": string(1000000 + #index)[1:], "value": toJson(#)})))}}');
    expect(loop.withItems).toBeUndefined();
    expect(argument(taskNamed(documents, 'total'), 'numbers')).toBe('{{=toJson(map(fromJSON(tasks["write"].outputs.parameters["size"] ?? "[]"), fromJSON(#)))}}');
    expect(taskNamed(documents, 'gather').arguments?.artifacts?.[0]).toMatchObject({ optional: true });
    expect(taskNamed(documents, 'for-each-2').withParam).toContain('"value": replace(replace(replace(#, "$", "$$")');
  });

  it('over an empty list is no loop without items, which Argo would run once', () => {
    expect(taskNamed(compileCorpus('empty-list'), 'for-each')).toMatchObject({ withParam: expect.stringContaining('fromJSON("[]")') });
  });

  it('with a limit has a DAG of its own, skipped when there is nothing to do', () => {
    const documents = compileCorpus('limited-loop');
    expect(documents.workflowTemplates[0].spec.parallelism).toBe(4);
    expect(dagNamed(documents, 'two-by-two')).toMatchObject({ parallelism: 2, dag: { tasks: [{ name: 'two-by-two-item', template: 'two-by-two-item' }] } });
    expect(taskNamed(documents, 'two-by-two').when).toBe('{{=len(fromJSON(tasks["counted"].outputs.parameters["list"])) > 0}}');
    expect(dagNamed(documents, 'two-by-two').outputs?.parameters).toEqual([{ name: 'two-by-two_write_size', valueFrom: { parameter: '{{tasks.two-by-two-item.outputs.parameters.two-by-two_write_size}}', default: '[]' } }]);
    expect(taskNamed(documents, 'for-each').when).toBeUndefined();
  });

  it('in a loop files by both items', () => {
    const documents = compileCorpus('loop-in-loop');
    const inner = taskNamed(documents, 'write', 'for-each');
    expect(argument(inner, '_item')).toBe('{{inputs.parameters.for-each_index}}/{{item.index}}');
    expect(argument(inner, 'text')).toContain('inputs.parameters["for-each_item"]');
    expect(taskNamed(documents, 'gather', 'for-each').arguments?.artifacts?.[0]?.s3).toEqual({ key: `${RUN}/write/file/{{inputs.parameters.for-each_index}}/` });
    expect(taskNamed(documents, 'gather', 'for-each').depends).toBe('write');
  });
});

describe('a condition', () => {
  it('on one step is the when of its task', () => {
    const documents = compileCorpus('conditional-fallback');
    expect(taskNamed(documents, 'say')).toMatchObject({ when: '{{=tasks["count"].outputs.parameters["isBig"] == "true"}}', depends: 'count' });
    expect(argument(taskNamed(documents, 'said'), 'text')).toContain('tasks["say"].status == "Succeeded" ? tasks["say"].outputs.parameters["text"] : "small"');
    expect(taskNamed(documents, 'said').depends).toBe('say');
  });

  it('on several is the when of a DAG, asked once', () => {
    const documents = compileCorpus('conditional-fallback');
    const group = dagNamed(documents).dag.tasks.find(({ template }) => template?.startsWith('when-not'))!;
    expect(group.when).toBe('{{=!((asFloat(workflow.parameters["n"]) > 1) && (tasks["count"].outputs.parameters["kind"] == "big one"))}}');
    const inside = dagNamed(documents, group.template);
    expect(inside.dag.tasks.every((task) => task.when === undefined)).toBe(true);
    expect(inside.outputs?.parameters).toContainEqual({ name: 'write_size', valueFrom: { parameter: '{{tasks.write.outputs.parameters.size}}', default: '' } });
    expect(inside.outputs?.artifacts).toEqual([{ name: 'write_file', from: '{{tasks.write.outputs.artifacts.file}}' }]);
  });

  it('with a choice of artifacts has a DAG that picks one, without a pod', () => {
    const documents = compileCorpus('if-else-join');
    expect(taskNamed(documents, 'read-file')).toEqual({
      name: 'read-file', template: 'pick-artifact', depends: 'fast && when-mode-is-fast-else',
      arguments: {
        parameters: [{ name: 'take-first', value: '{{=tasks["fast"].status == "Succeeded"}}' }],
        artifacts: [
          { name: 'first', from: '{{tasks.fast.outputs.artifacts.file}}', optional: true },
          { name: 'second', from: '{{tasks.when-mode-is-fast-else.outputs.artifacts.slow_file}}', optional: true },
        ],
      },
    });
    expect(taskNamed(documents, 'read').arguments?.artifacts?.[0]).toEqual({ name: 'file', from: '{{tasks.read-file.outputs.artifacts.picked}}' });
    expect(dagNamed(documents, 'pick-artifact').dag.tasks).toEqual([{ name: 'nothing', template: 'nothing', when: 'false' }]);
    expect(taskNamed(documents, 'when-mode-is-fast-else').when).toBe('{{=!(workflow.parameters["mode"] == "fast")}}');
  });

  it('inside a condition tells the outside whether it held', () => {
    const documents = compileCorpus('when-in-when');
    const outer = dagNamed(documents, 'when-n-1');
    expect(outer.outputs?.parameters).toContainEqual({ name: '__ran_deep', valueFrom: { expression: 'tasks["deep"].status == "Succeeded" ? "true" : "false"', default: 'false' } });
    expect(outer.outputs?.artifacts).toEqual([
      { name: 'deep_file', from: '{{tasks.deep.outputs.artifacts.file}}', optional: true }, { name: 'shallow_file', from: '{{tasks.shallow.outputs.artifacts.file}}', optional: true },
    ]);
    expect(argument(taskNamed(documents, 'show'), 'value')).toContain(
      'tasks["when-n-1"].status == "Succeeded" ? (tasks["when-n-1"].outputs.parameters["__ran_deep"] == "true" ? tasks["when-n-1"].outputs.parameters["deep_size"] : tasks["when-n-1"].outputs.parameters["shallow_size"]) : tasks["instead"].outputs.parameters["size"]',
    );
  });

  it('inside a loop and around one keeps lists whole', () => {
    const inLoop = compileCorpus('when-in-loop');
    expect(dagNamed(inLoop, 'for-each').outputs?.parameters?.[0]).toEqual({
      name: 'for-each_value-1', valueFrom: { expression: 'toJson({"value": tasks["few"].status == "Succeeded" ? tasks["few"].outputs.parameters["text"] : "no"})' },
    });
    const around = compileCorpus('loop-in-when');
    expect(dagNamed(around, 'when-count-isbig').outputs?.parameters).toContainEqual({ name: 'for-each_write_size', valueFrom: { parameter: '{{tasks.write.outputs.parameters.size}}', default: '[]' } });
  });
});

describe('the exit handler', () => {
  it('is a DAG that sees the status of the run', () => {
    const documents = compileCorpus('exit-handler');
    expect(documents.workflowTemplates[0].spec.onExit).toBe('on-exit');
    expect(taskNamed(documents, 'alarm', 'on-exit').when).toBe('{{=workflow.status != "Succeeded"}}');
    expect(taskNamed(documents, 'for-each', 'on-exit').arguments?.parameters).toContainEqual({ name: '__status', value: '{{workflow.status}}' });
    expect(compileCorpus('linear').workflowTemplates[0].spec.onExit).toBeUndefined();
  });
});

describe('names', () => {
  it('that expr-lang reserves are changed, and only those', () => {
    const documents = compileCorpus('keywords');
    expect(dagNamed(documents).dag.tasks.map(({ name, depends }) => [name, depends])).toEqual([
      ['in-task', undefined], ['in-task-2', 'in-task'], ['not-task', 'in-task-2'], ['or-task', 'not-task'], ['true-task', 'or-task'], ['let-task', 'true-task'], ['name', 'let-task'],
      ['status', 'name'], ['matches-task', 'status'],
    ]);
  });
});
