import { isDag, type Artifact, type DAGTask, type Parameter, type Template, type WorkflowTemplate } from './types.ts';

/*
 * What Argo's own lint does not find, and what then hangs a run, starts it wrongly or is taken for something else:
 * a reference that is not also a dependency, an argument nobody asked for, an output that does not exist, braces that
 * happen to be a tag. Looked for in the finished objects, so that no mistake above can hide. Linear in their size.
 */

/** Every broken reference, as a phrase. Empty unless the compiler has a mistake. */
export function findBrokenReferences(objects: readonly WorkflowTemplate[]): readonly string[] {
  const templates = new Map<string, Template>();
  for (const { metadata, spec } of objects) for (const template of spec.templates) templates.set(`${metadata.name}/${template.name}`, template);
  const problems: string[] = [];
  for (const { metadata, spec } of objects) {
    const find = (task: DAGTask): Template | undefined => templates.get(task.templateRef ? `${task.templateRef.name}/${task.templateRef.template}` : `${metadata.name}/${task.template ?? ''}`);
    for (const template of spec.templates) checkTemplate(template, find, (problem) => problems.push(`template ${template.name}: ${problem}`));
  }
  return problems;
}

type Report = (problem: string) => void;

/** A reference in a text, to a task of the DAG or to an input of the template. */
interface Found {
  readonly root: 'tasks' | 'inputs';
  /** `status`, `outputs.parameters`, `outputs.artifacts`; for an input `parameters` or `artifacts`. */
  readonly kind: string;
  readonly task: string;
  readonly port: string | undefined;
}

function checkTemplate(template: Template, find: (task: DAGTask) => Template | undefined, report: Report): void {
  const inputs = { parameters: namesOf(template.inputs?.parameters), artifacts: namesOf(template.inputs?.artifacts) };
  const checkInput = ({ kind, port }: Found, text: string): void => {
    if (port !== undefined && !inputs[kind as 'parameters' | 'artifacts'].has(port)) report(`${text} reads an input that is not declared`);
  };
  if (!isDag(template)) {
    forEachString(template, (text) => scan(text, report, (found) => {
      if (found.root === 'tasks') report(`${text} reads a task outside a DAG`);
      else checkInput(found, text);
    }));
    return;
  }
  const templates = new Map(template.dag.tasks.map((task) => [task.name, find(task)]));
  if (templates.size !== template.dag.tasks.length) report('two tasks have the same name');
  for (const task of template.dag.tasks) checkTask(task, templates, checkInput, report);
  for (const text of outputTexts(template)) {
    scan(text, report, (found) => {
      if (found.root === 'inputs') checkInput(found, text);
      else if (!templates.has(found.task)) report(`${text} reads a task that is not in the DAG`);
      else checkOutput(found, templates.get(found.task), report);
    });
  }
}

function checkTask(task: DAGTask, templates: ReadonlyMap<string, Template | undefined>, checkInput: (found: Found, text: string) => void, report: Report): void {
  const template = templates.get(task.name);
  const awaited = new Set(task.depends?.split(' && '));
  for (const name of awaited) if (!templates.has(name)) report(`${task.name} depends on ${name}, which is not in the DAG`);
  if (!template) {
    report(`${task.name} has no template`);
    return;
  }
  for (const kind of ['parameters', 'artifacts'] as const) {
    const wanted = namesOf(template.inputs?.[kind]);
    const given = namesOf(task.arguments?.[kind]);
    for (const name of given) if (!wanted.has(name)) report(`${task.name} gives ${name}, which ${template.name} does not take`);
    const optional = namesOf(template.inputs?.artifacts?.filter((artifact) => artifact.optional));
    for (const name of wanted) if (!given.has(name) && !(kind === 'artifacts' && optional.has(name))) report(`${task.name} does not give ${name} to ${template.name}`);
  }
  forEachString(task, (text) => scan(text, report, (found) => {
    if (found.root === 'inputs') checkInput(found, text);
    else {
      if (!awaited.has(found.task)) report(`${task.name} reads ${found.task} without depending on it`);
      checkOutput(found, templates.get(found.task), report);
    }
  }));
}

function checkOutput({ kind, port, task }: Found, template: Template | undefined, report: Report): void {
  if (port === undefined || !template) return;
  const declared = kind === 'outputs.parameters' ? template.outputs?.parameters : template.outputs?.artifacts;
  if (!declared?.some(({ name }) => name === port)) report(`${task} has no output ${port}`);
}

/** What a DAG's outputs are made from. Expressions stand there without braces. */
function outputTexts({ outputs }: Template): string[] {
  const ports = [...(outputs?.parameters ?? []), ...(outputs?.artifacts ?? [])] as (Parameter & Artifact)[];
  return ports.flatMap(({ from, fromExpression, valueFrom }) => {
    const expression = fromExpression ?? valueFrom?.expression;
    return from ?? valueFrom?.parameter ?? (expression === undefined ? [] : [`{{=${expression}}}`]);
  });
}

const SIMPLE = /^(?:workflow\.(?:name|uid|status|parameters\.[\w-]+)|tasks\.name|retries|item\.(?:index|value)|inputs\.(parameters|artifacts)\.([\w-]+)|tasks\.([\w-]+)\.(outputs\.(?:parameters|artifacts))\.([\w-]+))$/;
const IN_EXPRESSION = /\btasks\["([\w-]+)"\]\.(status|outputs\.(?:parameters|artifacts))(?:\["([\w-]+)"\])?|\binputs\.(parameters|artifacts)\["([\w-]+)"\]/g;

/** Visits the references in a text, and reports every pair of braces that is not a tag which the compiler makes. */
function scan(text: string, report: Report, visit: (found: Found) => void): void {
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', start)) {
    const end = text.indexOf('}}', start + 2);
    if (end < 0) {
      report(`${text} has braces that are not a tag`);
      return;
    }
    const body = text.slice(start + 2, end);
    start = end + 2;
    if (body.startsWith('=')) {
      // Without escapes nothing inside a text can look like a reference: the quotes in one are escaped.
      const code = body.includes('\\') ? body.replaceAll(/\\./g, '') : body;
      for (const [, task, kind, port, inputKind, input] of code.matchAll(IN_EXPRESSION)) {
        if (task !== undefined) visit({ root: 'tasks', kind: kind!, task, port });
        else visit({ root: 'inputs', kind: inputKind!, task: '', port: input });
      }
      continue;
    }
    const simple = SIMPLE.exec(body);
    if (!simple) report(`${text} has a tag that is not known`);
    else if (simple[1] !== undefined) visit({ root: 'inputs', kind: simple[1], task: '', port: simple[2] });
    else if (simple[3] !== undefined) visit({ root: 'tasks', kind: simple[4]!, task: simple[3], port: simple[5] });
  }
}

function namesOf(ports: readonly { readonly name: string }[] | undefined): ReadonlySet<string> {
  return ports ? new Set(ports.map(({ name }) => name)) : NONE;
}

const NONE: ReadonlySet<string> = new Set();

function forEachString(value: unknown, visit: (text: string) => void): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) visit(value);
  } else if (Array.isArray(value)) {
    for (const inner of value) forEachString(inner, visit);
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) forEachString((value as Record<string, unknown>)[key], visit);
  }
}
