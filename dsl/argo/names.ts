import { digestOf } from '../util/index.ts';

/** Kubernetes' limit for a DNS-1123 label: names of WorkflowTemplates, and values of labels that Argo sets from names. */
const LONGEST = 63;

/**
 * Words of expr-lang that no task may be called: Argo evaluates `depends` as an expression in which tasks are variables.
 * Found by evaluating `depends` for every keyword and builtin of expr-lang 1.17.7; builtins are harmless.
 */
const KEYWORDS = new Set(['not', 'in', 'or', 'and', 'matches', 'contains', 'let', 'if', 'else', 'true', 'false', 'nil']);

/** A lower-case DNS-1123 label. A name that is too long is cut, and a hash of the whole keeps it distinct and stable. */
export function toLabel(name: string): string {
  if (name.length <= LONGEST) return name;
  return `${name.slice(0, LONGEST - 9).replace(/-+$/, '')}-${digestOf(name).slice('sha256:'.length, 'sha256:'.length + 8)}`;
}

/** Hands out names, each once. Deterministic: the same claims in the same order give the same names. */
export class Names {
  readonly #taken = new Set<string>();

  /** The wanted name, or the next one with a number. */
  claim(wanted: string): string {
    let name = toLabel(wanted);
    for (let number = 2; this.#taken.has(name); number++) name = toLabel(`${wanted}-${number}`);
    this.#taken.add(name);
    return name;
  }

  isFree(name: string): boolean {
    return !this.#taken.has(toLabel(name));
  }
}

/** The name of a DAG's task for a node of the pipeline: the node's own, unless expr-lang could not read it. */
export function taskNameOf(id: string): string {
  return KEYWORDS.has(id) ? `${id}-task` : id;
}

/** The name of a parameter or artifact that carries a task's result or output between DAGs. No task has a `_` in its name. */
export function portName(task: string, port: string): string {
  return `${task}_${port}`;
}
