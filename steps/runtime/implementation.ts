import type { InputPorts, OutputPorts, ParameterPorts, ResultPorts, Step, StepContract, ValueOfPort } from '../../dsl/contract/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { Host } from './host.ts';
import { invoke } from './invoke.ts';
import { perform, type Given, type UntypedResolve, type UntypedWork } from './perform.ts';

export type ParameterValues<P> = { readonly [K in keyof P]: ValueOfPort<P[K]> };
/** A path; undefined for an optional input that is absent; a list of paths in the order of the items for a collection. */
export type InputPaths<I> = {
  readonly [K in keyof I]: I[K] extends { readonly many: true } ? readonly string[] : I[K] extends { readonly optional: true } ? string | undefined : string;
};
export type OutputPaths<O> = { readonly [K in keyof O]: string };
export type ResultValues<R> = { readonly [K in keyof R]: ValueOfPort<R[K]> };

/** What a step is given. */
export interface StepContext<P, I, O> {
  readonly parameters: ParameterValues<P>;
  readonly inputs: InputPaths<I>;
  /** Where to write each output: a file or a folder, as the contract says. The folder around it exists. */
  readonly outputs: OutputPaths<O>;
  /** Prints a line into the step's log. */
  readonly log: (message: string) => void;
  /** Says how far the work is: `progress(3, 50, 'epoch 3')`. */
  readonly progress: (done: number, total: number, note?: string) => void;
  /** Aborted when the step is to end: at its timeout, or when the run is stopped. Some seconds later it is ended. */
  readonly signal: AbortSignal;
  /** The variables that the contract declares. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The results, or nothing where the contract declares none. */
type Returned<R> = keyof R extends never ? void | ResultValues<R> : ResultValues<R>;

export type Work<P, I, O, R> = (context: StepContext<P, I, O>) => Promise<Returned<R>> | Returned<R>;

/** What a step has beside its work. */
export interface ImplementationOptions<P> {
  /**
   * Turns parameters that stand for something in the world into what they mean now: "production" into the digest of the
   * model behind it. Called in a pod before the fingerprint is made, so that the cache knows of it; a run on a laptop has
   * done the same before its first step. Returns all parameters.
   */
  readonly resolve?: (context: {
    readonly parameters: ParameterValues<P>;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly log: (message: string) => void;
  }) => Promise<ParameterValues<P>> | ParameterValues<P>;
}

/** A contract together with its work: what `run.ts` exports by default, `main.ts` starts and an inline run calls. */
export interface Implementation<
  P extends ParameterPorts = ParameterPorts,
  I extends InputPorts = InputPorts,
  O extends OutputPorts = OutputPorts,
  R extends ResultPorts = ResultPorts,
> {
  readonly step: Step<P, I, O, R>;
  readonly contract: StepContract;
  /** Does what the words of a command line say (dsl/contract/invocation.ts), and returns an exit code. Never rejects. */
  readonly invoke: (words: readonly string[], host: Host) => Promise<number>;
  /** The work itself with its checks; see `runInline` for a typed way to call it. */
  readonly perform: (given: Given, host: Host) => Promise<Readonly<Record<string, Json>>>;
}

/**
 * Says how a step does its work.
 *
 *     export default implementStep(train, async ({ parameters, inputs, outputs, progress }) => {
 *       …
 *       return { loss };
 *     });
 *
 * A `PipewrightError` that it throws is told as it is: PW501 to PW508 end the step with exit code 64, which is never
 * tried again, everything else with 1.
 */
export function implementStep<P extends ParameterPorts, I extends InputPorts, O extends OutputPorts, R extends ResultPorts>(
  step: Step<P, I, O, R>,
  work: Work<P, I, O, R>,
  { resolve }: ImplementationOptions<P> = {},
): Implementation<P, I, O, R> {
  const untyped = work as unknown as UntypedWork;
  const program = { contract: step.contract, work: untyped, resolve: resolve as unknown as UntypedResolve | undefined };
  return Object.freeze({
    step,
    contract: step.contract,
    invoke: (words: readonly string[], host: Host) => invoke(program, words, host),
    perform: (given: Given, host: Host) => perform(step.contract, untyped, given, host),
  });
}
