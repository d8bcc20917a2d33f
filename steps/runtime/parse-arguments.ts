import { readFileSync } from 'node:fs';
import { decodeValue, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { closest, listed, type Json } from '../../dsl/util/index.ts';

/** What a command line says, checked against the contract. */
export interface Arguments {
  readonly parameters: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, string>>;
}

const FLAGS = { '--parameter': 'parameters', '--input': 'inputs', '--output': 'outputs', '--result': 'results' } as const;
type Flag = keyof typeof FLAGS;

/**
 * The reading side of `commandLine` (dsl/contract/invocation.ts): `--parameter name=value`, `--input name=path`,
 * `--output name=path`, `--result name=path`, in any order. A word `@path` stands for the content of that file: Argo
 * writes a word of more than 128 KiB so. Returns `help` for `--help`; throws PW501 with everything that is wrong.
 */
export function parseArguments(contract: StepContract, words: readonly string[]): Arguments | 'help' {
  const issues: Issue[] = [];
  const wrong = (message: string, fix: string): void => void issues.push({ code: 'PW501', message, fix });
  const given = readFlags(contract, words, wrong);
  if (given === 'help') return 'help';
  const parameters: Record<string, Json> = {};
  for (const [name, { type, default: fallback }] of Object.entries(contract.parameters)) {
    const text = given['--parameter'].get(name);
    if (text === undefined && fallback !== undefined) parameters[name] = fallback;
    else if (text === undefined) wrong(`The parameter "${name}" is missing.`, `Add --parameter ${name}=….`);
    else {
      const decoded = decodeValue(type, text);
      if (decoded.ok) parameters[name] = decoded.value;
      else wrong(`The parameter "${name}" ${decoded.reason}.`, `See --help for what "${contract.name}" takes.`);
    }
  }
  const paths = (flag: Flag, isOptional: (name: string) => boolean): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const name of Object.keys(contract[FLAGS[flag]])) {
      const path = given[flag].get(name);
      if (path !== undefined && path !== '') found[name] = path;
      else if (path === '' || !isOptional(name)) wrong(`The path of the ${flag.slice(2)} "${name}" is missing.`, `Add ${flag} ${name}=PATH.`);
    }
    return found;
  };
  const inputs = paths('--input', (name) => contract.inputs[name]?.optional === true);
  const outputs = paths('--output', () => false);
  const results = paths('--result', () => false);
  if (issues.length > 0) throw new PipewrightError(issues);
  return { parameters, inputs, outputs, results };
}

function readFlags(contract: StepContract, words: readonly string[], wrong: (message: string, fix: string) => void): Readonly<Record<Flag, ReadonlyMap<string, string>>> | 'help' {
  const given: Record<Flag, Map<string, string>> = { '--parameter': new Map(), '--input': new Map(), '--output': new Map(), '--result': new Map() };
  for (let index = 0; index < words.length; index++) {
    const flag = words[index]!;
    if (flag === '--help' || flag === '-h') return 'help';
    if (!isFlag(flag)) {
      const near = closest(flag, Object.keys(FLAGS));
      wrong(`"${flag}" is not something that this program knows.`, near === undefined ? 'See --help.' : `Did you mean ${near}?`);
      continue;
    }
    const word = words[++index];
    const pair = word === undefined ? undefined : contentOf(word, wrong);
    const split = pair?.indexOf('=') ?? -1;
    if (pair === undefined || split < 1) {
      wrong(`${flag} is not followed by name=${flag === '--parameter' ? 'value' : 'path'}${pair === undefined ? '' : `, but by "${pair.slice(0, 80)}"`}.`, 'See --help.');
      continue;
    }
    const name = pair.slice(0, split);
    const known = Object.keys(contract[FLAGS[flag]]);
    if (!known.includes(name)) {
      const near = closest(name, known);
      wrong(`The step "${contract.name}" has no ${flag.slice(2)} "${name}".`, near === undefined ? `It has: ${listed(known)}.` : `Did you mean "${near}"?`);
    } else if (given[flag].has(name)) wrong(`${flag} ${name} is given twice.`, 'Give it once.');
    else given[flag].set(name, pair.slice(split + 1));
  }
  return given;
}

function contentOf(word: string, wrong: (message: string, fix: string) => void): string | undefined {
  if (!word.startsWith('@')) return word;
  try {
    return readFileSync(word.slice(1), 'utf8');
  } catch (error) {
    wrong(`The file of a long argument cannot be read: ${(error as Error).message}.`, 'Check the path after "@".');
    return undefined;
  }
}

function isFlag(word: string): word is Flag {
  return Object.hasOwn(FLAGS, word);
}
