import type { StepContract, Word } from './step-contract.ts';

/** What a backend puts into the holes of a command line: values and paths locally, Argo's tags in YAML. */
export interface Fillings {
  readonly parameter: (name: string) => string;
  readonly input: (name: string) => string;
  readonly output: (name: string) => string;
  readonly result: (name: string) => string;
}

/** Where a step finds its things inside a container. The local runner uses the same tree below a folder of its own. */
export const CONTAINER_ROOT = '/pipewright';
export const MODULE_COMMAND = ['node', '/app/main.mjs'] as const;

/** The four folders below the root. */
export function pathsBelow(root: string): Omit<Fillings, 'parameter'> {
  return {
    input: (name) => `${root}/inputs/${name}`,
    output: (name) => `${root}/outputs/${name}`,
    result: (name) => `${root}/results/${name}`,
  };
}

/**
 * The words of a step's command line, the same on every backend: what the laptop spawns is what the pod starts.
 * A TypeScript step is told everything by four flags; see steps/runtime for the reading side.
 */
export function commandLine(contract: StepContract, fill: Fillings, moduleCommand: readonly string[] = MODULE_COMMAND): readonly string[] {
  if (contract.program.kind === 'command') return contract.program.command.map((word) => fillWord(word, fill));
  return [
    ...moduleCommand,
    ...Object.keys(contract.parameters).flatMap((name) => ['--parameter', `${name}=${fill.parameter(name)}`]),
    ...Object.keys(contract.inputs).flatMap((name) => ['--input', `${name}=${fill.input(name)}`]),
    ...Object.keys(contract.outputs).flatMap((name) => ['--output', `${name}=${fill.output(name)}`]),
    ...Object.keys(contract.results).flatMap((name) => ['--result', `${name}=${fill.result(name)}`]),
  ];
}

function fillWord(word: Word, fill: Fillings): string {
  if (typeof word === 'string') return word;
  const before = word.before ?? '';
  if ('parameter' in word) return before + fill.parameter(word.parameter);
  if ('input' in word) return before + fill.input(word.input);
  if ('output' in word) return before + fill.output(word.output);
  return before + fill.result(word.result);
}

/** How a step ends: the exit codes of a TypeScript step. Others may use them; any other code but 0 is a failure worth a retry. */
export const EXIT_CODES = {
  succeeded: 0,
  failed: 1,
  /** Called wrongly or given bad data: it would fail again, so it is never retried. 64 is EX_USAGE in sysexits.h. */
  refused: 64,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;

/** `000003`: a collection is a folder with one entry per item, named so that any program lists them in the order of the items. */
export function indexText(index: number): string {
  return String(index).padStart(6, '0');
}
