import { checkValue, type StepContract, type Word } from '../contract/index.ts';
import type { Issue } from '../errors/index.ts';
import { closest } from '../util/index.ts';
import { isPortName, PORT_NAME_RULE } from './port-name.ts';
import type { Rule } from './rule.ts';

/** A step's contract makes sense by itself. */
export const contracts: Rule = function* ({ pipeline, usedAt }) {
  for (const contract of Object.values(pipeline.steps)) {
    const location = usedAt.get(contract.name);
    for (const { message, fix } of problemsOf(contract)) {
      yield { code: 'PW111', message: `Step "${contract.name}": ${message}`, fix, location } satisfies Issue;
    }
  }
};

function* problemsOf(contract: StepContract): Iterable<{ message: string; fix: string }> {
  const { parameters, inputs, outputs, results } = contract;
  for (const name of [parameters, inputs, outputs, results].flatMap((ports) => Object.keys(ports))) {
    if (!isPortName(name)) {
      yield { message: `the name ${JSON.stringify(name)} is not valid.`, fix: PORT_NAME_RULE };
    }
  }
  for (const name of Object.keys(parameters).filter((parameter) => Object.hasOwn(inputs, parameter))) {
    yield { message: `"${name}" is both a parameter and an input.`, fix: 'Arguments are given by name: rename one of them.' };
  }
  for (const name of Object.keys(outputs).filter((output) => Object.hasOwn(results, output))) {
    yield { message: `"${name}" is both an output and a result.`, fix: 'Other tasks use them by name: rename one of them.' };
  }
  if (contract.image.trim() === '') yield { message: 'it has no image.', fix: 'Name the container image that holds the program.' };
  for (const [name, { type, default: fallback }] of Object.entries(parameters)) {
    if (type.kind === 'enum' && type.values.length === 0) yield { message: `parameter "${name}" allows no value at all.`, fix: 'List at least one value: t.enum([…]).' };
    const reason = fallback === undefined ? undefined : checkValue(type, fallback);
    if (reason !== undefined) yield { message: `the default of parameter "${name}" ${reason}.`, fix: 'Change the default or the type.' };
  }
  if (contract.program.kind === 'command') yield* problemsOfCommand(contract, contract.program.command);
}

function* problemsOfCommand(contract: StepContract, words: readonly Word[]): Iterable<{ message: string; fix: string }> {
  const first = words[0];
  if (typeof first !== 'string' || first === '') {
    yield { message: 'its command does not begin with a program.', fix: 'Put the executable first: command: () => [\'python3\', …]. Argo would have to ask the image for it.' };
  }
  const kinds = [
    ['parameter', contract.parameters], ['input', contract.inputs], ['output', contract.outputs], ['result', contract.results],
  ] as const;
  for (const [kind, ports] of kinds) {
    const used = new Set(words.flatMap((word) => (typeof word === 'object' && kind in word ? [(word as unknown as Record<string, string>)[kind]!] : [])));
    for (const name of used) {
      const near = closest(name, Object.keys(ports));
      if (!Object.hasOwn(ports, name)) yield { message: `its command uses the ${kind} "${name}", which it does not declare.`, fix: near ? `Did you mean "${near}"?` : `Declare it under ${kind}s.` };
    }
    for (const name of Object.keys(ports).filter((port) => !used.has(port))) {
      yield { message: `its command never uses the ${kind} "${name}".`, fix: `Give it to the program, ${kind}('${name}'), or take the declaration out.` };
    }
  }
}
