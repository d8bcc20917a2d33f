import { isDirectory, type StepContract } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import type { ArtifactCollection, ArtifactFallback, ArtifactJoin, ArtifactSource, OutputReference, Task } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import { collectionArgument, collectionKey, mixesAttempts, readArtifact } from './artifact.ts';
import { simpleTag, tag } from './expr.ts';
import type { Expressions } from './expression.ts';
import type { Layout } from './layout.ts';
import { mayBeEmpty } from './loop.ts';
import type { Reader } from './references.ts';
import { addDependency } from './scope.ts';
import type { Artifact, Template } from './types.ts';

/*
 * Which of two artifacts? Argo chooses only in the outputs of a DAG (`fromExpression`), and a DAG needs a task. So the
 * choice is a DAG of its own whose only task never runs: it takes both, of which one may be absent, and gives the right
 * one on. No pod is started.
 */

export const PICK = 'pick-artifact';
const NOTHING = 'nothing';
const TAKE_FIRST = 'take-first';
const PICKED = 'picked';

/** The two templates that every choice shares. */
export function pickTemplates(pick: string, nothing: string): readonly Template[] {
  return [
    {
      name: pick,
      inputs: { parameters: [{ name: TAKE_FIRST }], artifacts: [{ name: 'first', optional: true }, { name: 'second', optional: true }] },
      dag: { failFast: false, tasks: [{ name: NOTHING, template: nothing, when: 'false' }] },
      outputs: { artifacts: [{ name: PICKED, fromExpression: `inputs.parameters["${TAKE_FIRST}"] == "true" ? inputs.artifacts["first"] : inputs.artifacts["second"]` }] },
    },
    { name: nothing, suspend: { duration: '0' } },
  ];
}

/** Prints the arguments of artifacts, adding a choice to the reader's scope where one has to be made. */
export class Artifacts {
  readonly #layout: Layout;
  readonly #expressions: Expressions;
  readonly #contractOf: (task: Task) => StepContract;
  #hasPicks = false;

  constructor(layout: Layout, expressions: Expressions, contractOf: (task: Task) => StepContract) {
    this.#contractOf = contractOf;
    this.#layout = layout;
    this.#expressions = expressions;
  }

  get hasPicks(): boolean {
    return this.#hasPicks;
  }

  /** What a call gives to the input `name`. */
  argument(name: string, source: ArtifactSource, reader: Reader, task: Task): Artifact {
    switch (source.kind) {
      case 'OutputReference': {
        const { from, maybe } = readArtifact(this.#layout, source, reader);
        return { name, from, ...(maybe ? { optional: true } : {}) };
      }
      case 'ArtifactCollection':
        return this.#collection(name, source, reader);
      case 'ArtifactFallback':
      case 'ArtifactJoin':
        return this.#choice(name, source, reader, task);
      default:
        return unreachable(source);
    }
  }

  #collection(name: string, source: ArtifactCollection, reader: Reader): Artifact {
    // `check` lets a collection be of one task's own output only, in one loop or in several.
    let of: ArtifactSource = source;
    while (of.kind === 'ArtifactCollection') of = of.of;
    if (of.kind !== 'OutputReference') throw new Error(`a collection of ${of.kind} passed the checks`);
    this.#demandOneAttempt(of);
    // The loops around both the reader and the collection: the reader's own items say which part is meant.
    const shared = this.#layout.places.get(source.loop)!.around.filter(({ kind }) => kind === 'ForEach').map(({ id }) => this.#expressions.references.index(id, reader));
    const repeated = this.#layout.loopCall(source.loop);
    // It is read by its key, so nothing but this edge lets the reader wait for it.
    if (reader.call) addDependency(reader.call, repeated);
    const isOptional = mayBeEmpty(repeated.loop!) || this.#expressions.presence.ofArtifact(source, reader) !== undefined;
    return collectionArgument(name, collectionKey(this.#layout.taskCall(of.task).name, of.output, shared), isOptional);
  }

  /** A collection is a prefix in the repository, so nothing but items can be below it. */
  #demandOneAttempt({ task: id, output }: OutputReference): void {
    const { node } = this.#layout.places.get(id)!;
    if (node.kind !== 'Task') return;
    const contract = this.#contractOf(node);
    if (!mixesAttempts(contract, node) || !isDirectory(contract.outputs[output]!.artifact)) return;
    throw new PipewrightError({
      code: 'PW201',
      message: `The folders "${output}" of the task "${id}" are gathered from a loop, and the task has retries: on Argo files of a failed attempt would stay among those of the next.`,
      fix: 'Write a file (an archive of the folder) instead, do without retries, or write the step in TypeScript.',
      location: node.location,
    });
  }

  #choice(name: string, source: ArtifactFallback | ArtifactJoin, reader: Reader, task: Task): Artifact {
    this.#hasPicks = true;
    const [first, second] = source.kind === 'ArtifactJoin' ? [source.then, source.otherwise] : [source.first, source.second];
    const parameters: { name: string; value: string }[] = [];
    const artifacts: Artifact[] = [];
    const wanted = this.#layout.names.claim(`${task.id}-${name.toLowerCase().replaceAll('_', '-')}`);
    const call = reader.scope.add({ name: wanted, action: { kind: 'pick', arguments: { parameters, artifacts } } }, reader.call);
    const { presence } = this.#expressions;
    const at: Reader = { scope: reader.scope, call };
    const takesFirst = source.kind === 'ArtifactJoin' ? presence.ofFirstBranch(source.when, at) : (presence.ofArtifact(first, at) ?? 'true');
    parameters.push({ name: TAKE_FIRST, value: tag(takesFirst) });
    artifacts.push({ ...this.argument('first', first, at, task), optional: true }, { ...this.argument('second', second, at, task), optional: true });
    reader.call?.dependencies.add(call.name);
    return { name, from: simpleTag(`tasks.${call.name}.outputs.artifacts.${PICKED}`) };
  }
}
