import { isDag, type Artifact, type DAGTask, type Parameter, type Template, type WorkflowTemplate } from './types.ts';

/*
 * What Argo's own lint does not find, and what then hangs a run, starts it wrongly or is taken for something else:
 * a reference that is not also a dependency, an argument nobody asked for, an output that does not exist, braces that
 * happen to be a tag. Looked for in the finished objects, so that no mistake above can hide. Linear in their size.
 */

/** Every broken reference, as a phrase. Empty unless the compiler has a mistake. */
export function findBrokenReferences(objects: readonly WorkflowTemplate[]): readonly string[] {
  const templates = new Map(objects.flatMap(({ metadata, spec }) => spec.templates.map((template) => [`${metadata.name}/${template.name}`, template] as const)));
  return objects.flatMap(({ metadata, spec }) => {
    const find = (task: DAGTask): Template | undefined => templates.get(task.templateRef ? `${task.templateRef.name}/${task.templateRef.template}` : `${metadata.name}/${task.template ?? ''}`);
    return spec.templates.flatMap((template) => checkTemplate(template, find).map((problem) => `template ${template.name}: ${problem}`));
  });
}

function checkTemplate(template: Template, find: (task: DAGTask) => Template | undefined): string[] {
  const problems = isDag(template) ? checkDag(template.name, template.dag.tasks, find) : [];
  const inputs = new Set([...namesOf(template.inputs?.parameters).map((name) => `parameters.${name}`), ...namesOf(template.inputs?.artifacts).map((name) => `artifacts.${name}`)]);
  const tasks = new Map(isDag(template) ? template.dag.tasks.map((task) => [task.name, find(task)] as const) : []);
  forEachString(template, (text) => {
    for (const { root, rest, name, isTagged } of referencesIn(text, problems)) {
      if (root === 'inputs' && !inputs.has(`${rest}.${name}`)) problems.push(`${text} reads an input that is not declared`);
      if (root === 'tasks' && isTagged && !tasks.has(name)) problems.push(`${text} reads a task that is not in the DAG`);
    }
  });
  if (isDag(template)) {
    for (const { valueFrom, from, fromExpression } of [...(template.outputs?.parameters ?? []), ...(template.outputs?.artifacts ?? [])] as (Parameter & Artifact)[]) {
      for (const { root, rest, name } of referencesIn(from ?? valueFrom?.parameter ?? asTag(fromExpression ?? valueFrom?.expression ?? ''), problems)) {
        if (root === 'tasks') problems.push(...checkOutput(name, rest, tasks.get(name)));
      }
    }
  }
  return problems;
}

function checkDag(dag: string, tasks: readonly DAGTask[], find: (task: DAGTask) => Template | undefined): string[] {
  const problems: string[] = [];
  const templates = new Map(tasks.map((task) => [task.name, find(task)]));
  if (templates.size !== tasks.length) problems.push(`two tasks of ${dag} have the same name`);
  for (const task of tasks) {
    const template = templates.get(task.name);
    const awaited = new Set(task.depends?.split(' && '));
    for (const name of awaited) if (!templates.has(name)) problems.push(`${task.name} depends on ${name}, which is not in the DAG`);
    if (!template) {
      problems.push(`${task.name} has no template`);
      continue;
    }
    for (const kind of ['parameters', 'artifacts'] as const) {
      const wanted = new Set(namesOf(template.inputs?.[kind]));
      const given = new Set(namesOf(task.arguments?.[kind]));
      for (const name of given) if (!wanted.has(name)) problems.push(`${task.name} gives ${name}, which ${template.name} does not take`);
      for (const name of wanted) if (!given.has(name)) problems.push(`${task.name} does not give ${name} to ${template.name}`);
    }
    forEachString(task, (text) => {
      for (const { root, rest, name } of referencesIn(text, problems)) {
        if (root !== 'tasks') continue;
        if (!awaited.has(name)) problems.push(`${task.name} reads ${name} without depending on it`);
        problems.push(...checkOutput(name, rest, templates.get(name)));
      }
    });
  }
  return problems;
}

function checkOutput(task: string, rest: string, template: Template | undefined): string[] {
  const output = /^outputs\.(parameters|artifacts)\.(.+)$/.exec(rest);
  if (!output || !template) return [];
  const declared = namesOf(template.outputs?.[output[1] as 'parameters' | 'artifacts']);
  return declared.includes(output[2]!) ? [] : [`${task} has no output ${output[2]!}`];
}

interface Found {
  readonly root: 'tasks' | 'inputs';
  /** For a task the path after its name, for an input its kind. */
  readonly rest: string;
  readonly name: string;
  readonly isTagged: boolean;
}

const TAG = /\{\{(=?)([\s\S]*?)\}\}/g;
const SIMPLE = /^(?:workflow\.(?:name|uid|status|parameters\.[\w-]+)|tasks\.name|item\.(?:index|value)|inputs\.(parameters|artifacts)\.([\w-]+)|tasks\.([\w-]+)\.(outputs\.(?:parameters|artifacts)\.[\w-]+))$/;

/** The references in a text, and into `problems` every pair of braces that is not a tag which the compiler makes. */
function referencesIn(text: string, problems: string[]): readonly Found[] {
  if (!text.includes('{{')) return [];
  if (text.replaceAll(TAG, '').includes('{{')) problems.push(`${text} has braces that are not a tag`);
  return [...text.matchAll(TAG)].flatMap((match): Found[] => {
    const body = match[2]!;
    if (match[1] === '=') return inExpression(body);
    const simple = SIMPLE.exec(body);
    if (!simple) problems.push(`${text} has a tag that is not known`);
    if (simple?.[2] !== undefined) return [{ root: 'inputs', rest: simple[1]!, name: simple[2], isTagged: true }];
    return simple?.[3] === undefined ? [] : [{ root: 'tasks', rest: simple[4]!, name: simple[3], isTagged: true }];
  });
}

function inExpression(expression: string): Found[] {
  const code = expression.replaceAll(/\\./g, '');
  return [
    ...[...code.matchAll(/\btasks\["([\w-]+)"\]\.(status|outputs\.(?:parameters|artifacts))(?:\["([\w-]+)"\])?/g)].map((match) => ({
      root: 'tasks' as const, name: match[1]!, rest: match[3] === undefined ? match[2]! : `${match[2]!}.${match[3]}`, isTagged: true,
    })),
    ...[...code.matchAll(/\binputs\.(parameters|artifacts)\["([\w-]+)"\]/g)].map((match) => ({ root: 'inputs' as const, rest: match[1]!, name: match[2]!, isTagged: true })),
  ];
}

function asTag(expression: string): string {
  return `{{=${expression}}}`;
}

function namesOf(ports: readonly { readonly name: string }[] | undefined): string[] {
  return (ports ?? []).map(({ name }) => name);
}

function forEachString(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) forEachString(inner, visit);
}
