import { join } from 'node:path';
import { checkValue, type InputPorts, type OutputPorts, type ParameterPorts, type ResultPorts } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import type { Implementation, InputPaths, OutputPaths, ParameterValues, ResultValues } from './implementation.ts';
import type { Host } from './host.ts';

type Defaulted<P> = { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P];
type Absentable<I> = { [K in keyof I]: I[K] extends { readonly optional: true } ? K : never }[keyof I];
/** The names in `N` may be left out. */
type LeaveOut<T, N extends keyof T> = Omit<T, N> & Partial<Pick<T, N>>;
/** A record that may be left out altogether when all of it may. */
type Member<Name extends string, T> = {} extends T ? { readonly [K in Name]?: T } : { readonly [K in Name]: T };

export type InlineRun<P, I> = Member<'parameters', LeaveOut<ParameterValues<P>, Defaulted<P>>> &
  Member<'inputs', LeaveOut<InputPaths<I>, Absentable<I>>> & {
    /** An existing folder, below which outputs are written: each to a file or folder of its name. */
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal;
    readonly onLine?: Host['print'];
  };

export interface InlineOutcome<O, R> {
  readonly results: ResultValues<R>;
  readonly outputs: OutputPaths<O>;
}

/**
 * Calls a step's work in this process, for unit tests and debuggers: parameters are checked, defaults filled in, results
 * and outputs checked as in a process of its own. Throws what the step throws, and PW501, PW302 and PW308.
 */
export async function runInline<P extends ParameterPorts, I extends InputPorts, O extends OutputPorts, R extends ResultPorts>(
  implementation: Implementation<P, I, O, R>,
  run: InlineRun<P, I>,
): Promise<InlineOutcome<O, R>> {
  const { contract } = implementation;
  const { parameters: given = {}, inputs = {} } = run as { readonly parameters?: Readonly<Record<string, Json>>; readonly inputs?: Readonly<Record<string, string>> };
  const issues: Issue[] = [];
  const parameters: Record<string, Json> = {};
  for (const [name, { type, default: fallback }] of Object.entries(contract.parameters)) {
    const value = given[name] ?? fallback;
    const reason = value === undefined ? 'is missing' : checkValue(type, value);
    if (reason === undefined) parameters[name] = value!;
    else issues.push({ code: 'PW501', message: `The parameter "${name}" ${reason}.`, fix: 'Give it a value of the declared type.' });
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  const outputs = Object.fromEntries(Object.keys(contract.outputs).map((name) => [name, join(run.folder, name)]));
  const host: Host = { environment: run.environment ?? {}, print: run.onLine ?? (() => undefined), signal: run.signal ?? new AbortController().signal };
  const results = await implementation.perform({ parameters, inputs, outputs }, host);
  return { results, outputs } as unknown as InlineOutcome<O, R>;
}
