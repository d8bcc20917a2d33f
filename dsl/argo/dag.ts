import type { ForEach, Task } from '../ir/index.ts';
import { ITEM_PARAMETER } from './artifact.ts';
import { tag } from './expr.ts';
import { Expressions } from './expression.ts';
import type { Layout } from './layout.ts';
import { withItems, withParamExpression } from './loop.ts';
import { argumentValue } from './parameter.ts';
import { Artifacts } from './pick.ts';
import type { Reader } from './references.ts';
import type { Call, Condition, Scope } from './scope.ts';
import { describe, takesItem, type StepTemplates } from './step-template.ts';
import type { Artifact, DAGTask, DAGTemplate, Parameter, Ports } from './types.ts';

/** What the arguments of a call turned out to be, before it is known where its template lies. */
interface Compiled {
  readonly when?: string;
  readonly withItems?: DAGTask['withItems'];
  readonly withParam?: string;
  readonly parameters: readonly Parameter[];
  readonly artifacts: readonly Artifact[];
  /** The template of a step; that of a scope is the scope's. */
  readonly template?: string;
}

/** Compiles the calls of all scopes. Ports of a DAG are complete only when every call has been looked at, so this comes first. */
export class DagCompiler {
  readonly #layout: Layout;
  readonly #steps: StepTemplates;
  readonly #expressions: Expressions;
  readonly #artifacts: Artifacts;
  readonly #compiled = new Map<Call, Compiled>();

  constructor(layout: Layout, steps: StepTemplates) {
    this.#layout = layout;
    this.#steps = steps;
    this.#expressions = new Expressions(layout, (task) => steps.contractOf(task));
    this.#artifacts = new Artifacts(layout, this.#expressions, (task) => steps.contractOf(task));
    // A choice between artifacts is added to its scope meanwhile and is compiled already: hence the copy.
    for (const scope of layout.scopes) for (const call of [...scope.calls]) this.#compiled.set(call, this.#compile(call));
  }

  get hasPicks(): boolean {
    return this.#artifacts.hasPicks;
  }

  /** The template of a scope. `refer` says how a template is referred to, by the name that was asked for. */
  template(scope: Scope, nameOf: (scope: Scope) => string, pick: string): DAGTemplate {
    const inputs = ports(byName([...scope.entering.values()].map(({ port }) => port)), byName([...scope.enteringArtifacts.values()].map(({ port }) => port)));
    const outputs = ports(byName([...scope.leaving.values()]), byName([...scope.leavingArtifacts.values()]));
    return {
      name: nameOf(scope),
      ...(scope.description === undefined ? {} : { annotations: describe(scope.description) }),
      ...(inputs ? { inputs } : {}),
      dag: { failFast: false, tasks: scope.calls.map((call) => this.#task(call, nameOf, pick)) },
      ...(outputs ? { outputs } : {}),
      ...(scope.parallelism === undefined ? {} : { parallelism: scope.parallelism }),
    };
  }

  #compile(call: Call): Compiled {
    const reader: Reader = { scope: call.scope, call };
    const when = call.condition && tag(this.#condition(call.condition, reader));
    const base = { ...(when === undefined ? {} : { when }), ...(call.loop ? this.#loop(call.loop, reader) : {}) };
    return call.action.kind === 'step' ? { ...base, ...this.#step(call, call.action.task, reader) } : { ...base, parameters: [], artifacts: [] };
  }

  #condition(condition: Condition, reader: Reader): string {
    if (condition.kind === 'nonEmpty') return `len(${this.#expressions.value(condition.items, reader)}) > 0`;
    const holds = this.#expressions.value(condition.expression, reader);
    return condition.negated ? `!(${holds})` : holds;
  }

  #loop(loop: ForEach, reader: Reader): Pick<Compiled, 'withItems' | 'withParam'> {
    const items = withItems(loop);
    return items ? { withItems: items } : { withParam: tag(withParamExpression(loop, this.#expressions.value(loop.items, reader))) };
  }

  #step(call: Call, task: Task, reader: Reader): Pick<Compiled, 'parameters' | 'artifacts' | 'template'> {
    const contract = this.#steps.contractOf(task);
    const loops = this.#layout.places.get(task.id)!.around.filter(({ kind }) => kind === 'ForEach');
    const parameters: Parameter[] = Object.entries(contract.parameters).map(([name, { type }]) => ({
      name, value: argumentValue(task.parameters[name]!, type, this.#expressions, reader),
    }));
    if (takesItem(contract, loops.length > 0)) {
      parameters.push({ name: ITEM_PARAMETER, value: loops.map(({ id }) => this.#expressions.references.index(id, reader)).join('/') });
    }
    const artifacts = Object.keys(contract.inputs).flatMap((name) => {
      const source = task.inputs[name];
      return source ? [this.#artifacts.argument(name, source, reader, task)] : [];
    });
    return { parameters, artifacts, template: this.#steps.nameFor(task, call, loops.length > 0) };
  }

  #task(call: Call, nameOf: (scope: Scope) => string, pick: string): DAGTask {
    const compiled = this.#compiled.get(call);
    const { action } = call;
    const template = action.kind === 'scope' ? nameOf(action.scope) : action.kind === 'pick' ? pick : compiled!.template!;
    const given = argumentsOf(call, compiled);
    return {
      name: call.name,
      template,
      ...(call.dependencies.size > 0 ? { depends: [...call.dependencies].sort().join(' && ') } : {}),
      ...(compiled?.when === undefined ? {} : { when: compiled.when }),
      ...(compiled?.withItems ? { withItems: compiled.withItems } : {}),
      ...(compiled?.withParam === undefined ? {} : { withParam: compiled.withParam }),
      ...(given ? { arguments: given } : {}),
    };
  }
}

function argumentsOf({ action }: Call, compiled: Compiled | undefined): Ports | undefined {
  if (action.kind === 'pick') return action.arguments;
  if (action.kind === 'step') return ports(compiled!.parameters, compiled!.artifacts);
  return ports(byName([...action.scope.entering.values()].map(({ argument }) => argument)), byName([...action.scope.enteringArtifacts.values()].map(({ argument }) => argument)));
}

function ports(parameters: readonly Parameter[], artifacts: readonly Artifact[]): Ports | undefined {
  if (parameters.length === 0 && artifacts.length === 0) return undefined;
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(artifacts.length > 0 ? { artifacts } : {}),
  };
}

/** The order in which references were met says nothing to a reader. */
function byName<T extends { readonly name: string }>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
}

