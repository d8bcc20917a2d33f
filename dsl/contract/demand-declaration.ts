import { PipewrightError, type Issue, type SourceLocation } from '../errors/index.ts';
import { isRecord } from '../util/index.ts';
import { checkAgainstSchema } from './json-schema.ts';
import type { StepContract } from './step-contract.ts';
import type { JsonSchema } from './value-type.ts';

/*
 * What `tsc` refuses, for authors who run first and check later: nothing behind this has to expect a port that is none.
 * Patterns and schemas are looked at here as well, which no type can do.
 */

const VALUE_KINDS: readonly unknown[] = ['string', 'integer', 'number', 'boolean', 'enum', 'json', 'list'];
const ARTIFACT_KINDS: readonly unknown[] = ['file', 'directory', 'dataset', 'model', 'metrics', 'report'];
const UNUSABLE = 'that cannot be used';
const HOLES = ['parameter', 'input', 'output', 'result'] as const;

interface Problem { readonly message: string; readonly fix: string }

/** Throws PW111 with everything that makes a step's declaration unreadable. */
export function demandContract(contract: StepContract, location: SourceLocation | undefined): void {
  throwAll([...problemsOfContract(contract)], typeof contract.name === 'string' ? `Step "${contract.name}": ` : 'A step: ', location);
}

/** Throws PW111 for a command line that is written down instead of asked for. */
export function demandCommand(step: string, command: unknown, location: SourceLocation | undefined): void {
  const fix = 'Write a function that returns the words: command: ({ parameter }) => [\'echo\', parameter(\'text\')].';
  throwAll(typeof command === 'function' ? [] : [{ message: `its command is ${show(command)}, which is no function.`, fix }], `Step "${step}": `, location);
}

/** Throws PW111 for parameters of a pipeline that are not declared with `t`. */
export function demandParameters(pipeline: string, parameters: unknown, location: SourceLocation | undefined): void {
  throwAll([...problemsOfValues('parameter', parameters)], `Pipeline "${pipeline}": `, location);
}

function throwAll(problems: readonly Problem[], who: string, location: SourceLocation | undefined): void {
  if (problems.length > 0) throw new PipewrightError(problems.map(({ message, fix }): Issue => ({ code: 'PW111', message: `${who}${message}`, fix, location })));
}

function* problemsOfContract({ name, image, program, parameters, inputs, outputs, results, environment, secrets, serviceAccount }: StepContract): Iterable<Problem> {
  if (typeof name !== 'string') yield { message: `its name is ${show(name)}.`, fix: 'Give it one: name: \'train\'.' };
  if (typeof image !== 'string') yield { message: `its image is ${show(image)}.`, fix: 'Name the container image that holds the program: image: \'python:3.12-slim\'.' };
  yield* problemsOfValues('parameter', parameters);
  yield* problemsOfArtifacts('input', inputs);
  yield* problemsOfArtifacts('output', outputs);
  yield* problemsOfValues('result', results);
  for (const [what, names] of [['environment', environment], ['secrets', secrets]] as const) {
    if (!Array.isArray(names) || names.some((each) => typeof each !== 'string')) yield { message: `its ${what} is ${show(names)}, which is no list of names.`, fix: `Write ${what}: ['NAME'].` };
  }
  if (serviceAccount !== undefined && !isAccountName(serviceAccount)) {
    yield { message: `its service account is ${show(serviceAccount)}, which Kubernetes does not take for a name.`, fix: 'Write lower-case letters, digits and hyphens, with a letter or digit at both ends: serviceAccount: \'deployer\'.' };
  }
  const words: unknown = program.kind === 'command' ? program.command : [];
  if (!Array.isArray(words)) yield { message: `its command is ${show(words)}, which is no list of words.`, fix: 'Return a list, the program first: command: () => [\'sh\', \'-c\', …].' };
  else for (const word of words) if (!isWord(word)) yield { message: `its command has the word ${show(word)}.`, fix: 'A word is a text, or what parameter(…), input(…), output(…) or result(…) returns.' };
}

function* problemsOfValues(what: string, ports: unknown): Iterable<Problem> {
  if (!isRecord(ports)) {
    yield { message: `its ${what}s are ${show(ports)}.`, fix: `Write them by name: ${what}s: { n: t.integer() }.` };
    return;
  }
  for (const [name, port] of Object.entries(ports)) {
    const reason = isRecord(port) ? whyNoType(port['type']) : `is ${show(port)}`;
    const fix = reason?.includes(UNUSABLE) ? 'Correct it there.' : 'Declare it with t: t.string(), t.integer(), t.number(), t.boolean(), t.enum([…]), t.json() or t.list(…).';
    if (reason !== undefined) yield { message: `the ${what} "${name}" ${reason}.`, fix };
  }
}

function* problemsOfArtifacts(what: string, ports: unknown): Iterable<Problem> {
  if (!isRecord(ports)) {
    yield { message: `its ${what}s are ${show(ports)}.`, fix: `Write them by name: ${what}s: { table: artifact.file() }.` };
    return;
  }
  for (const [name, port] of Object.entries(ports)) {
    const artifact = isRecord(port) ? port['artifact'] : undefined;
    const isSound = isRecord(artifact) && ARTIFACT_KINDS.includes(artifact['kind']) && (artifact['kind'] !== 'dataset' || isRecord(artifact['columns']));
    if (!isSound) yield { message: `the ${what} "${name}" is ${show(port)}.`, fix: 'Declare it with artifact: artifact.file(), artifact.dataset({ … }), artifact.model() and so on.' };
  }
}

/** Completes "the parameter …". */
function whyNoType(type: unknown): string | undefined {
  if (!isRecord(type) || !VALUE_KINDS.includes(type['kind'])) return `has the type ${show(type)}, which does not exist`;
  const { values, pattern, schema, items } = type;
  switch (type['kind']) {
    case 'enum':
      return Array.isArray(values) && values.every((value) => typeof value === 'string') ? undefined : `is one of ${show(values)}, which is no list of texts`;
    case 'list': {
      const reason = whyNoType(items);
      return reason === undefined ? undefined : `is a list whose item ${reason}`;
    }
    case 'string':
      return pattern === undefined ? undefined : whyThrown(() => new RegExp(String(pattern), 'u'), 'pattern');
    case 'json':
      return schema === undefined ? undefined : whyThrown(() => checkAgainstSchema(schema as JsonSchema, null), 'schema');
    default:
      return undefined;
  }
}

function whyThrown(work: () => unknown, what: string): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return `has a ${what} ${UNUSABLE} (${(error as Error).message})`;
  }
}

function isWord(word: unknown): boolean {
  return typeof word === 'string' || (isRecord(word) && HOLES.some((hole) => typeof word[hole] === 'string'));
}

/** A DNS-1123 label, short enough that the names made of it are names too. */
function isAccountName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name);
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = typeof value === 'string' || isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
