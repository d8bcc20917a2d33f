import type { Json } from '../util/index.ts';
import type { ArtifactPort, CollectionInput, DatasetKind, OptionalInput, Port, PortWithDefault, Step } from '../contract/index.ts';
import type { Artifact, ArtifactList, MaybeArtifact } from './artifact-handle.ts';
import type { NodeHandle } from './handle.ts';
import type { MaybeValue, Value } from './value.ts';

/*
 * Wrong wiring is a type error that reads as a sentence. `CheckArguments` maps each argument to `unknown` where it is
 * right and to a `WiringError` that says what to do where it is wrong, so the compiler prints the sentence at the argument.
 */

/** Nothing has this type: the text says what is wrong and what to do, and `Choices` what would be right. */
export interface WiringError<Sentence extends string, Choices = never> {
  readonly wiringError: Sentence;
  readonly choices?: Choices;
}

export type PortsOf<S> = S extends Step<infer P, infer I, infer O, infer R> ? { parameters: P; inputs: I; outputs: O; results: R } : never;

type Name<K> = K extends string ? `'${K}'` : 'it';

type NameOfValue<T> = [T] extends [string]
  ? string extends T ? 'a string' : 'one of a few texts'
  : [T] extends [number] ? 'a number'
  : [T] extends [boolean] ? 'a boolean'
  : [T] extends [readonly (infer E)[]] ? `a list of ${[E] extends [string] ? 'strings' : [E] extends [number] ? 'numbers' : [E] extends [boolean] ? 'booleans' : 'values'}`
  : 'JSON';
/** The texts of an enumeration, to be listed behind a sentence. */
type Texts<T> = [T] extends [string] ? (string extends T ? never : T) : never;

type NameOfKind<K> = K extends { readonly kind: infer N extends string } ? (N extends 'metrics' ? 'metrics' : `a ${N}`) : 'an artifact';

type Other<A, T> = [Texts<T>] extends [never] ? NameOfValue<Widen<A>> : [A] extends [string] ? 'another' : NameOfValue<Widen<A>>;

/** A literal is widened, so that messages say "a number" and not "0.01". */
type Widen<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T;

/** Whether an artifact of kind `From` may be read as kind `To`. */
type KindFits<From, To> = To extends { readonly kind: 'file' }
  ? (From extends { readonly kind: 'model' | 'directory' } ? false : true)
  : To extends { readonly kind: 'directory' }
    ? (From extends { readonly kind: 'model' | 'directory' } ? true : false)
    : From extends To ? true : false;

type MissingColumns<From, To> = From extends DatasetKind<infer F> ? (To extends DatasetKind<infer T> ? Exclude<keyof T, keyof F> & string : never) : never;

type CheckValue<K, T, A> = A extends MaybeValue<unknown>
  ? WiringError<`The value given to ${Name<K>} is absent when its task is skipped: add .orElse(…), or use it inside the same when.`>
  : A extends Value<infer V>
    ? ([V] extends [T] ? unknown : WiringError<`Parameter ${Name<K>} takes ${NameOfValue<T>}; this is ${NameOfValue<V>}.`, Texts<T>>)
    : A extends Artifact<infer F> | ArtifactList<infer F>
      ? WiringError<`Parameter ${Name<K>} takes ${NameOfValue<T>}; this is ${NameOfKind<F>}. Return a result from the step, or declare an input.`>
      : [A] extends [T]
        ? unknown
        : WiringError<`Parameter ${Name<K>} takes ${NameOfValue<T>}; this is ${Other<A, T>}.`, Texts<T>>;

type CheckArtifact<K, To, A> = A extends MaybeArtifact<unknown>
  ? WiringError<`The artifact given to ${Name<K>} is absent when its task is skipped: add .orElse(…), or use it inside the same when.`>
  : A extends ArtifactList<unknown>
    ? WiringError<`Input ${Name<K>} takes one artifact; this is a collection from a loop. Declare it with artifact.many(…), or choose one.`>
    : A extends Artifact<infer F>
      ? KindFits<F, To> extends true
        ? unknown
        : [MissingColumns<F, To>] extends [never]
          ? WiringError<`Input ${Name<K>} takes ${NameOfKind<To>}; this is ${NameOfKind<F>}.`>
          : WiringError<`Input ${Name<K>} takes a dataset with the column '${MissingColumns<F, To>}'; this one does not have it.`>
      : WiringError<`Input ${Name<K>} takes an artifact that a task writes; give it a task's output.`>;

type CheckMany<K, To, A> = A extends ArtifactList<infer F>
  ? KindFits<F, To> extends true ? unknown : WiringError<`Input ${Name<K>} takes a collection of ${NameOfKind<To>}; this is one of ${NameOfKind<F>}.`>
  : WiringError<`Input ${Name<K>} takes a collection; give it what a forEach returns.`>;

type CheckInput<K, D, A> = D extends CollectionInput<infer To> ? CheckMany<K, To, A> : D extends ArtifactPort<infer To> ? CheckArtifact<K, To, A> : never;

type CheckArgument<S, K, A> = K extends keyof PortsOf<S>['parameters']
  ? PortsOf<S>['parameters'][K] extends Port<infer T> ? CheckValue<K, T, A> : never
  : K extends keyof PortsOf<S>['inputs']
    ? CheckInput<K, PortsOf<S>['inputs'][K], A>
    : `${Expected<S>}` extends infer Names ? WiringError<`This step has no parameter and no input called ${Name<K>}.`, Names> : never;

type Expected<S> = (keyof PortsOf<S>['parameters'] | keyof PortsOf<S>['inputs']) & string;

type RequiredNames<S> =
  | { [K in keyof PortsOf<S>['parameters']]: PortsOf<S>['parameters'][K] extends PortWithDefault<unknown> ? never : K }[keyof PortsOf<S>['parameters']]
  | { [K in keyof PortsOf<S>['inputs']]: PortsOf<S>['inputs'][K] extends OptionalInput<unknown> ? never : K }[keyof PortsOf<S>['inputs']];

/** The names that an author may write, for completion in the editor. */
export type ArgumentNames<S> = { readonly [K in Expected<S>]?: unknown };

export type CheckArguments<S, A> = { readonly [K in keyof A]: CheckArgument<S, K, A[K]> } & {
  readonly [K in Exclude<RequiredNames<S>, keyof A>]: WiringError<`The argument ${Name<K>} is missing.`>;
};

/** What a task hands to others: its outputs and its results, by name. */
export type TaskOutputs<S> = NodeHandle & {
  readonly [K in keyof PortsOf<S>['outputs']]: PortsOf<S>['outputs'][K] extends ArtifactPort<infer Kind> ? Artifact<Kind> : never;
} & {
  readonly [K in keyof PortsOf<S>['results']]: PortsOf<S>['results'][K] extends Port<infer T> ? Value<T> : never;
};

/** What may leave a group: one handle, or a record of handles. */
export type Exports = void | Value<unknown> | Artifact<unknown> | { readonly [name: string]: unknown };

type MaybeOne<H> = H extends Value<infer T> ? MaybeValue<T> : H extends Artifact<infer K> ? MaybeArtifact<K> : H;

/** What a `when` without `otherwise` returns: everything may be absent. */
export type MaybeOf<R> = R extends void ? NodeHandle : R extends Value<unknown> | Artifact<unknown> ? MaybeOne<R> : NodeHandle & { readonly [K in keyof R]: MaybeOne<R[K]> };

type JoinOne<A, B> = A extends Value<infer T>
  ? B extends Value<infer U> ? Value<T | U> : WiringError<'The two branches return different things here: return the same names with the same types from both.'>
  : A extends Artifact<infer K>
    ? B extends Artifact<K> ? Artifact<K> : WiringError<'The two branches return different things here: return the same names with the same types from both.'>
    : A;

/** What a `when` with `otherwise` returns: what both branches return, and exactly one of them ran. */
export type JoinOf<A, B> = A extends void ? NodeHandle
  : A extends Value<unknown> | Artifact<unknown> ? JoinOne<A, B>
  : NodeHandle & { readonly [K in keyof A & keyof B]: JoinOne<A[K], B[K]> };

type ListOne<H> = H extends Value<infer T> ? Value<readonly T[]>
  : H extends Artifact<infer K> ? ArtifactList<K>
  : H extends ArtifactList<unknown> ? WiringError<'A collection of collections cannot be made: join the inner one in a task, and return its output.'>
  : H extends MaybeValue<unknown> | MaybeArtifact<unknown> ? WiringError<'This may be absent for some items, so there is no list of it: add .orElse(…) inside the loop.'>
  : H;

/** What a `forEach` returns: the list of everything that its body returns. */
export type ListOf<R> = R extends void ? NodeHandle : R extends Value<unknown> | Artifact<unknown> ? ListOne<R> : NodeHandle & { readonly [K in keyof R]: ListOne<R[K]> };

export type ItemOf<L> = L extends Value<infer V> ? (V extends readonly (infer E)[] ? E : never) : L extends readonly (infer E)[] ? (E extends Json ? E : never) : never;
