import { writeFileSync } from 'node:fs';
import { EXIT_CODES, printMessage, PROTOCOL_VARIABLE, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { helpOf } from './help.ts';
import { locateInputs, makeRoom, requireOutputs } from './locate.ts';
import { parseArguments } from './parse-arguments.ts';
import { checkResults, writeResults } from './write-results.ts';

/** Where a step runs: a process of its own, or a test. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (stream: 'stdout' | 'stderr', line: string) => void;
  readonly signal: AbortSignal;
  /** Where Kubernetes looks for the last words of a container. */
  readonly terminationLog?: string;
}

/** The work with its types taken off; the command line is checked against the contract instead. */
export type UntypedWork = (context: Readonly<Record<string, unknown>>) => unknown;

/** Kubernetes reads no more than 4096 bytes of last words. */
const LAST_WORDS = 1000;

/** Reads the command line, does the work, checks and writes what came out of it; returns the exit code. Never rejects. */
export async function invoke(contract: StepContract, work: UntypedWork, words: readonly string[], host: Host): Promise<number> {
  try {
    const given = parseArguments(contract, words);
    if (given === 'help') {
      printLines(host, 'stdout', helpOf(contract));
      return EXIT_CODES.succeeded;
    }
    const inputs = await locateInputs(contract, given.inputs);
    await makeRoom(given.results);
    const values = await perform(contract, work, { ...given, inputs }, host);
    if (host.signal.aborted) return EXIT_CODES.terminated;
    await writeResults(contract, values, given.results);
    return EXIT_CODES.succeeded;
  } catch (error) {
    return host.signal.aborted ? EXIT_CODES.terminated : tellFailure(error, host);
  }
}

/** What the work is given, whoever calls it. */
export interface Given {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Does the work and checks what came out of it; returns the results. Throws what the work throws, PW302 and PW308. */
export async function perform(contract: StepContract, work: UntypedWork, given: Given, host: Host): Promise<Readonly<Record<string, Json>>> {
  await makeRoom(given.outputs);
  const returned = await work({
    parameters: given.parameters,
    inputs: given.inputs,
    outputs: given.outputs,
    ...voiceOf(host),
    signal: host.signal,
    environment: pick(host.environment, [...contract.environment, ...contract.secrets]),
  });
  const values = checkResults(contract, returned);
  await requireOutputs(contract, given.outputs);
  return values;
}

/** Says what went wrong, to the runner and to a person; returns the exit code. */
export function tellFailure(error: unknown, host: Host): number {
  const issues: readonly Issue[] = error instanceof PipewrightError
    ? error.issues
    : [{ code: 'PW301', message: `${error instanceof Error ? error.message : String(error)}`, fix: 'Run the step with PIPEWRIGHT_DEBUG=1 to see where.' }];
  const [first] = issues as readonly [Issue];
  const message = issues.map((issue) => issue.message).join(' ');
  if (speaksProtocol(host)) host.print('stdout', printMessage({ type: 'failure', code: first.code, message, fix: first.fix }));
  for (const issue of issues) printLines(host, 'stderr', `${issue.code}: ${issue.message}\n  → ${issue.fix}`);
  if (host.environment['PIPEWRIGHT_DEBUG'] && error instanceof Error && error.stack !== undefined) printLines(host, 'stderr', error.stack);
  if (host.terminationLog !== undefined) leaveWords(host.terminationLog, `${first.code}: ${message}`);
  return issues.some(({ code }) => code.startsWith('PW50')) ? EXIT_CODES.refused : EXIT_CODES.failed;
}

function voiceOf(host: Host) {
  return {
    log: (message: string): void => printLines(host, 'stdout', message),
    progress: (done: number, total: number, note?: string): void => {
      if (speaksProtocol(host)) host.print('stdout', printMessage({ type: 'progress', done, total, ...(note === undefined ? {} : { note }) }));
    },
  };
}

function speaksProtocol(host: Host): boolean {
  return host.environment[PROTOCOL_VARIABLE] === 'lines';
}

function printLines(host: Host, stream: 'stdout' | 'stderr', text: string): void {
  for (const line of text.split('\n')) host.print(stream, line);
}

function leaveWords(path: string, words: string): void {
  try {
    writeFileSync(path, words.slice(0, LAST_WORDS));
  } catch {
    // A reason nobody can read must not hide the failure itself.
  }
}

function pick(environment: Host['environment'], names: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
