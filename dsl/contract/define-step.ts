import { captureLocation, type SourceLocation } from '../errors/index.ts';
import { deepFreeze } from '../util/index.ts';
import type { ArtifactPort } from './artifact-type.ts';
import { demandCommand, demandContract } from './demand-declaration.ts';
import type { Program, Resources, StepContract, Word } from './step-contract.ts';
import type { Port } from './t.ts';

export type ParameterPorts = Readonly<Record<string, Port<unknown>>>;
export type InputPorts = Readonly<Record<string, ArtifactPort<unknown>>>;
export type OutputPorts = Readonly<Record<string, ArtifactPort<unknown>>>;
export type ResultPorts = Readonly<Record<string, Port<unknown>>>;

declare const ports: unique symbol;

/** A contract together with what `tsc` knows of its ports. */
export interface Step<
  P extends ParameterPorts = ParameterPorts,
  I extends InputPorts = InputPorts,
  O extends OutputPorts = OutputPorts,
  R extends ResultPorts = ResultPorts,
> {
  readonly contract: StepContract;
  /** Where it was defined, for messages. */
  readonly location: SourceLocation | undefined;
  readonly [ports]?: { readonly parameters: P; readonly inputs: I; readonly outputs: O; readonly results: R };
}

/** The holes that a command line can have; each name is checked against the ports by `tsc`. */
export interface CommandHoles<P, I, O, R> {
  /** The text of a parameter. With `before`, both are one word: `parameter('n', '--n=')`. */
  readonly parameter: (name: keyof P & string, before?: string) => Word;
  /** The path of an input artifact. */
  readonly input: (name: keyof I & string, before?: string) => Word;
  /** The path at which the program writes an output artifact. */
  readonly output: (name: keyof O & string, before?: string) => Word;
  /** The path of the file into which the program writes a result. */
  readonly result: (name: keyof R & string, before?: string) => Word;
}

interface Declaration<P, I, O, R> {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly description?: string;
  readonly parameters?: P;
  readonly inputs?: I;
  readonly outputs?: O;
  readonly results?: R;
  readonly resources?: Resources;
  /** Variables that change what the step does: part of its fingerprint. The runner passes no others on. */
  readonly environment?: readonly string[];
  /** Variables that only let it in somewhere, such as keys: passed on, never recorded. */
  readonly secrets?: readonly string[];
  /** The service account of its pod, for a step that talks to Kubernetes; others have no token. */
  readonly serviceAccount?: string;
}

/**
 * Declares a step written in TypeScript. Its work stands beside the contract: `main.ts` starts it (see steps/runtime).
 * `image` defaults to `pipewright/<name>`.
 */
export function defineStep<
  const P extends ParameterPorts = {},
  const I extends InputPorts = {},
  const O extends OutputPorts = {},
  const R extends ResultPorts = {},
>(declaration: Declaration<P, I, O, R> & { readonly image?: string; readonly entry?: string }): Step<P, I, O, R> {
  const location = captureLocation();
  const { image = `pipewright/${declaration.name}`, entry = './main.ts', ...rest } = declaration;
  const base = location ? new URL(location.file, 'file:///') : undefined;
  return makeStep(rest, image, { kind: 'module', entry: base ? new URL(entry, base).href : entry }, location);
}

/**
 * Declares a step in any language: an image and a command line with holes.
 *
 *     defineContainerStep({
 *       name: 'sum', image: 'python:3.12-slim',
 *       parameters: { n: t.integer() }, results: { total: t.integer() },
 *       command: ({ parameter, result }) => ['python3', '-c', SOURCE, parameter('n'), result('total')],
 *     })
 *
 * A program reads its inputs at the given paths and writes each output and each result to its path; the folders exist.
 * A result's file holds the text form of its value (`codec.ts`); one newline at its end is dropped.
 */
export function defineContainerStep<
  const P extends ParameterPorts = {},
  const I extends InputPorts = {},
  const O extends OutputPorts = {},
  const R extends ResultPorts = {},
>(
  declaration: Declaration<P, I, O, R> & {
    readonly image: string;
    readonly command: (holes: CommandHoles<P, I, O, R>) => readonly Word[];
  },
): Step<P, I, O, R> {
  const location = captureLocation();
  const { image, command, ...rest } = declaration;
  demandCommand(rest.name, command, location);
  const words = command({
    parameter: (name, before) => ({ ...(before === undefined ? {} : { before }), parameter: name }),
    input: (name, before) => ({ ...(before === undefined ? {} : { before }), input: name }),
    output: (name, before) => ({ ...(before === undefined ? {} : { before }), output: name }),
    result: (name, before) => ({ ...(before === undefined ? {} : { before }), result: name }),
  });
  return makeStep(rest, image, { kind: 'command', command: words }, location);
}

function makeStep<P, I, O, R>(
  declaration: Declaration<P, I, O, R>,
  image: string,
  program: Program,
  location: SourceLocation | undefined,
): never {
  const contract = {
    name: declaration.name,
    ...(declaration.description === undefined ? {} : { description: declaration.description }),
    image,
    program,
    parameters: declaration.parameters ?? {},
    inputs: declaration.inputs ?? {},
    outputs: declaration.outputs ?? {},
    results: declaration.results ?? {},
    resources: declaration.resources ?? {},
    environment: declaration.environment ?? [],
    secrets: declaration.secrets ?? [],
    ...(declaration.serviceAccount === undefined ? {} : { serviceAccount: declaration.serviceAccount }),
  } as StepContract;
  demandContract(contract, location);
  return Object.freeze({ contract: deepFreeze(contract), location }) as never;
}
