import { compileToArgo, type ArgoDocuments, type CompileOptions, type ContainerTemplate, type DAGTask, type DAGTemplate, type Template } from '../../dsl/argo/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { corpus, type CorpusName } from './corpus.ts';

export function compileCorpus(name: CorpusName, options?: CompileOptions): ArgoDocuments {
  return compileToArgo(corpus[name], options);
}

export function templatesOf({ workflowTemplates }: ArgoDocuments): readonly Template[] {
  return workflowTemplates.flatMap(({ spec }) => spec.templates);
}

export function dagNamed(documents: ArgoDocuments, name = 'main'): DAGTemplate {
  return templatesOf(documents).find((template) => template.name === name) as DAGTemplate;
}

export function stepNamed(documents: ArgoDocuments, name: string): ContainerTemplate {
  return templatesOf(documents).find((template) => template.name === name) as ContainerTemplate;
}

export function taskNamed(documents: ArgoDocuments, name: string, dag = 'main'): DAGTask {
  const found = dagNamed(documents, dag).dag.tasks.find((task) => task.name === name);
  if (!found) throw new Error(`${dag} has no task ${name}: ${dagNamed(documents, dag).dag.tasks.map((task) => task.name).join(', ')}`);
  return found;
}

/** The value that a task gives to a parameter. */
export function argument(task: DAGTask, parameter: string): string | undefined {
  return task.arguments?.parameters?.find(({ name }) => name === parameter)?.value;
}

export function issueOf(work: () => unknown): Issue {
  try {
    work();
  } catch (error) {
    if (error instanceof PipewrightError) return error.issues[0]!;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/**
 * What the kubelet does to the words of a command line (third_party/forked/golang/expansion of Kubernetes): `$(NAME)`
 * becomes the variable if there is one, `$$` becomes `$`.
 */
export function expandAsKubelet(word: string, environment: Readonly<Record<string, string>>): string {
  return word.replaceAll(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) => (match === '$$' ? '$' : (environment[name!] ?? match)));
}

/** Every string anywhere in a value. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

