import type { Step, StepContract, ValueType } from '../contract/index.ts';
import { captureLocation, PipewrightError, type SourceLocation } from '../errors/index.ts';
import { describeExpression, type ArtifactSource, type Expression, type Node, type Task } from '../ir/index.ts';
import type { Json } from '../util/index.ts';
import type { ArgumentNames, CheckArguments, ItemOf, JoinOf, ListOf, MaybeOf, TaskOutputs } from './arguments.ts';
import { collect, isArtifact, makeArtifact, type Artifact } from './artifact-handle.ts';
import { demandAfter, demandCondition, demandFunction, demandItems, demandOptions, demandPlain, demandStep } from './demand.ts';
import { toSeconds } from './duration.ts';
import { nodesOf, withNode } from './handle.ts';
import { toRetry, type After, type ForEachOptions, type GroupOptions, type TaskOptions } from './options.ts';
import { isValue, makeValue, toExpression, typeOfItems, typeOfLiteral, type Value } from './value.ts';

/** The functions that add nodes to one scope. Inside a group use those that its callback is given: they shadow the outer ones. */
export interface Scope {
  /** Runs a step once. `args` gives every parameter without a default and every input. */
  task<S extends Step, const A extends ArgumentNames<S>>(step: S, args: A & CheckArguments<S, NoInfer<A>>, options?: TaskOptions): TaskOutputs<S>;
  /**
   * Runs its body only if the condition holds. What the body returns may be absent outside; with `otherwise` the two
   * branches return the same names and nothing is absent.
   */
  when<R, E = never>(
    condition: Value<boolean>,
    then: (scope: Scope) => R,
    options?: GroupOptions & { readonly otherwise?: (scope: Scope) => E },
  ): [E] extends [never] ? MaybeOf<R> : JoinOf<R, E>;
  /** Runs its body once for each item, all at once if there is room. What the body returns becomes lists outside, in the order of the items. */
  forEach<L extends readonly Json[] | Value<readonly unknown[]>, R>(
    items: L,
    body: (item: Value<ItemOf<L>>, scope: Scope) => R,
    options?: ForEachOptions,
  ): ListOf<R>;
}

/** What all scopes of one pipeline share. */
export interface Registry {
  readonly ids: Set<string>;
  readonly steps: Map<string, StepContract>;
  readonly issues: { readonly step: string; readonly location: SourceLocation | undefined }[];
}

/** Collects the nodes of one scope while its callback runs. */
export class ScopeBuilder {
  readonly nodes: Node[] = [];
  readonly #registry: Registry;
  #state: 'open' | 'nested' | 'closed' = 'open';

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Runs a callback that fills this scope, then closes it. */
  fill<R>(callback: (scope: Scope) => R): R {
    const result = callback(this.functions());
    this.#state = 'closed';
    if (result instanceof Promise) {
      throw new PipewrightError({
        code: 'PW113',
        message: 'A pipeline is described synchronously, but this function is async.',
        fix: 'Take async and await out of the function; what must be read first can be read before pipeline(…).',
        location: captureLocation(),
      });
    }
    return result;
  }

  functions(): Scope {
    return {
      task: (step: Step, args: Readonly<Record<string, unknown>>, options?: TaskOptions) => this.#addTask(step, args, options),
      when: (condition: Value<boolean>, then: (scope: Scope) => unknown, options?: GroupOptions & { otherwise?: (scope: Scope) => unknown }) =>
        this.#addWhen(condition, then, options),
      forEach: (items: unknown, body: (item: never, scope: Scope) => unknown, options?: ForEachOptions) => this.#addForEach(items, body, options),
    } as unknown as Scope;
  }

  #addTask(step: Step, args: Readonly<Record<string, unknown>>, options: TaskOptions = {}): object {
    const location = captureLocation();
    this.#demandOpen('task', location);
    demandStep(step, location);
    demandOptions(args, 'The second argument of task', 'Write task(step, { name: value }), or {} where there is nothing to give.', location);
    demandOptions(options, 'The third argument of task', 'Write task(step, { … }, { retry: { limit: 2 } }).', location);
    demandAfter(options.after, location);
    const { contract } = step;
    this.#registerStep(contract, location);
    const parameters: Record<string, Expression> = {};
    const inputs: Record<string, ArtifactSource> = {};
    for (const [name, declaration] of Object.entries(contract.parameters)) {
      const given = Object.hasOwn(args, name) ? args[name] : undefined;
      if (given !== undefined && !isArtifact(given)) parameters[name] = toExpression(given, declaration.type);
      else if (given === undefined && declaration.default !== undefined) parameters[name] = { kind: 'Literal', type: declaration.type, value: declaration.default };
    }
    for (const [name, given] of Object.entries(args)) {
      if (!isValue(given) && !isArtifact(given)) demandPlain(given, `The argument "${name}" of the step "${contract.name}"`, location);
      if (isArtifact(given)) inputs[name] = given.source;
      else if (given !== undefined && !Object.hasOwn(contract.parameters, name)) {
        parameters[name] = isValue(given) ? given.expression : { kind: 'Literal', type: typeOfLiteral(given as Json), value: given as Json };
      }
    }
    const id = this.#claimId(options.name ?? contract.name, options.name !== undefined);
    const node: Task = {
      kind: 'Task',
      id,
      step: contract.name,
      parameters,
      inputs,
      after: toIds(options.after),
      cache: options.cache ?? true,
      ...(options.retry === undefined ? {} : { retry: toRetry(options.retry) }),
      ...(options.timeout === undefined ? {} : { timeoutSeconds: toSeconds(options.timeout) }),
      ...(options.resources === undefined ? {} : { resources: options.resources }),
      ...(options.pod === undefined ? {} : { podPatch: options.pod }),
      location,
    };
    this.nodes.push(Object.freeze(node));
    const members: Record<string, unknown> = {};
    for (const [output, { artifact }] of Object.entries(contract.outputs)) members[output] = makeArtifact({ kind: 'OutputReference', artifact, task: id, output });
    for (const [result, { type }] of Object.entries(contract.results)) members[result] = makeValue({ kind: 'ResultReference', type, task: id, result });
    return withNode(id, members);
  }

  #addWhen(condition: Value<boolean>, then: (scope: Scope) => unknown, options: GroupOptions & { otherwise?: (scope: Scope) => unknown } = {}): unknown {
    const location = captureLocation();
    this.#demandOpen('when', location);
    demandCondition(condition, location);
    demandFunction(then, 'The second argument of when', 'Write when(condition, ({ task }) => { … }).', location);
    demandOptions(options, 'The third argument of when', 'Write when(condition, ({ task }) => { … }, { name: \'guard\' }).', location);
    demandAfter(options.after, location);
    const id = this.#claimId(options.name ?? `when-${slug(describeExpression(condition.expression))}`, options.name !== undefined);
    const thenScope = new ScopeBuilder(this.#registry);
    const otherwiseScope = new ScopeBuilder(this.#registry);
    const { otherwise } = options;
    const first = this.#nested(() => thenScope.fill(then));
    const second = otherwise && this.#nested(() => otherwiseScope.fill(otherwise));
    this.nodes.push(
      Object.freeze({
        kind: 'When', id, condition: condition.expression, then: thenScope.nodes, otherwise: otherwiseScope.nodes, after: toIds(options.after), location,
      }),
    );
    if (!otherwise) return lift(id, first, (handle) => handle);
    return lift(id, first, (handle, name) => {
      const other = name === undefined ? second : (second as Record<string, unknown> | undefined)?.[name];
      if (isValue(handle) && isValue(other)) {
        return makeValue({ kind: 'Join', type: handle.expression.type, when: id, then: handle.expression, otherwise: other.expression });
      }
      if (isArtifact(handle) && isArtifact(other)) {
        return makeArtifact({ kind: 'ArtifactJoin', artifact: handle.source.artifact, when: id, then: handle.source, otherwise: other.source });
      }
      return undefined;
    });
  }

  #addForEach(items: unknown, body: (item: never, scope: Scope) => unknown, options: ForEachOptions = {}): unknown {
    const location = captureLocation();
    this.#demandOpen('forEach', location);
    demandItems(items, location);
    if (!isValue(items)) demandPlain(items, 'What forEach goes over', location);
    demandFunction(body, 'The second argument of forEach', 'Write forEach(items, (item, { task }) => { … }).', location);
    demandOptions(options, 'The third argument of forEach', 'Write forEach(items, (item, { task }) => { … }, { parallelism: 2 }).', location);
    demandAfter(options.after, location);
    const list: Expression = isValue(items)
      ? items.expression
      : { kind: 'Literal', type: { kind: 'list', items: typeOfItems(items as readonly Json[]) }, value: items as Json };
    const itemType: ValueType = list.type.kind === 'list' ? list.type.items : { kind: 'json' };
    const id = this.#claimId(options.name ?? 'for-each', options.name !== undefined);
    const scope = new ScopeBuilder(this.#registry);
    const item = makeValue({ kind: 'ItemReference', type: itemType, loop: id });
    const result = this.#nested(() => scope.fill((functions) => body(item as never, functions)));
    this.nodes.push(
      Object.freeze({
        kind: 'ForEach', id, items: list, itemType, body: scope.nodes, after: toIds(options.after),
        ...(options.parallelism === undefined ? {} : { parallelism: options.parallelism }),
        location,
      }),
    );
    return lift(id, result, (handle) => {
      if (isArtifact(handle)) return collect(handle, id);
      const { expression } = handle as Value<unknown>;
      return makeValue({ kind: 'Collection', type: { kind: 'list', items: expression.type }, loop: id, of: expression });
    });
  }

  #nested<R>(work: () => R): R {
    this.#state = 'nested';
    const result = work();
    this.#state = 'open';
    return result;
  }

  #demandOpen(verb: string, location: SourceLocation | undefined): void {
    if (this.#state === 'open') return;
    throw new PipewrightError({
      code: 'PW113',
      message: this.#state === 'nested' ? `The outer ${verb} is used inside a when or forEach: the node would not belong to the group.` : `${verb} is used after its scope was closed.`,
      fix: `Take ${verb} from the callback's own scope: when(condition, ({ ${verb} }) => …), forEach(items, (item, { ${verb} }) => …).`,
      location,
    });
  }

  /** The wanted identifier; one that was not chosen by the author is numbered if it is taken. */
  #claimId(wanted: string, chosen: boolean): string {
    const { ids } = this.#registry;
    let id = wanted;
    for (let number = 2; !chosen && ids.has(id); number++) id = `${wanted}-${number}`;
    ids.add(id);
    return id;
  }

  #registerStep(contract: StepContract, location: SourceLocation | undefined): void {
    const known = this.#registry.steps.get(contract.name);
    if (known === undefined) this.#registry.steps.set(contract.name, contract);
    else if (known !== contract) this.#registry.issues.push({ step: contract.name, location });
  }
}

function toIds(after: After = []): readonly string[] {
  return [...new Set(after.flatMap(nodesOf))];
}

function slug(text: string): string {
  return text.replaceAll('==', 'is').replaceAll('!=', 'is-not').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
}

type Handle = Value<unknown> | Artifact<unknown>;

/** Applies a change to one exported handle or to every member of a record of them. */
function lift(id: string, result: unknown, change: (handle: Handle, name?: string) => unknown): unknown {
  if (isValue(result) || isArtifact(result)) return change(result);
  const members: Record<string, unknown> = {};
  if (typeof result === 'object' && result !== null) {
    for (const [name, handle] of Object.entries(result)) if (isValue(handle) || isArtifact(handle)) members[name] = change(handle, name);
  }
  return withNode(id, members);
}
