import { checkValue, describeType, fitsType, whyUnfit } from '../contract/index.ts';
import { describeExpression, describeSource, type ArtifactSource, type Expression } from '../ir/index.ts';
import type { ValueType } from '../contract/index.ts';
import { closest, listed } from '../util/index.ts';
import type { Rule } from './rule.ts';

/** Every task gives its step exactly the arguments that it declares, of the right types and kinds. */
export const taskArguments: Rule = function* ({ pipeline, nodes }) {
  for (const task of nodes) {
    if (task.kind !== 'Task') continue;
    const contract = pipeline.steps[task.step];
    const { location } = task;
    if (!contract) {
      yield { code: 'PW103', message: `Task "${task.id}" runs the step "${task.step}", which the pipeline does not have.`, fix: 'Build the pipeline with pipeline(…).', location };
      continue;
    }
    const expected = [...Object.keys(contract.parameters), ...Object.keys(contract.inputs)];
    for (const name of [...Object.keys(task.parameters), ...Object.keys(task.inputs)]) {
      if (expected.includes(name)) continue;
      const near = closest(name, expected);
      yield {
        code: 'PW105', message: `Task "${task.id}": step "${task.step}" has no parameter and no input called "${name}".`,
        fix: near ? `Did you mean "${near}"?` : `It has ${listed(expected)}.`, location,
      };
    }
    for (const [name, { type }] of Object.entries(contract.parameters)) {
      const given = Object.hasOwn(task.parameters, name) ? task.parameters[name] : undefined;
      const reason = given ? whyValueUnfit(given, type) : undefined;
      if (given === undefined && Object.hasOwn(task.inputs, name)) {
        yield { code: 'PW106', message: `Task "${task.id}": "${name}" is a parameter, but it is given an artifact.`, fix: 'Return a result from the step, or declare an input.', location };
      } else if (given === undefined) {
        yield { code: 'PW104', message: `Task "${task.id}": the parameter "${name}" (${describeType(type)}) is missing.`, fix: `Give it in the second argument: { ${name}: … }.`, location };
      } else if (reason !== undefined) {
        yield { code: 'PW106', message: `Task "${task.id}": the value of "${name}" ${reason}.`, fix: `Give it a value of the type ${describeType(type)}.`, location };
      }
    }
    for (const [name, input] of Object.entries(contract.inputs)) {
      const given = Object.hasOwn(task.inputs, name) ? task.inputs[name] : undefined;
      const reason = given ? whySourceUnfit(given, input) : undefined;
      if (given === undefined && name in task.parameters) {
        yield { code: 'PW107', message: `Task "${task.id}": "${name}" is an input, but it is given a value.`, fix: 'Give it another task\'s output, or declare a parameter.', location };
      } else if (given === undefined && input.optional === undefined) {
        yield { code: 'PW104', message: `Task "${task.id}": the input "${name}" (${input.artifact.kind}) is missing.`, fix: `Give it another task's output: { ${name}: … }.`, location };
      } else if (reason !== undefined) {
        yield { code: 'PW107', message: `Task "${task.id}": the artifact given to "${name}", ${describeSource(given!)}, ${reason}.`, fix: 'Give it an artifact of that kind.', location };
      }
    }
  }
};

/** Why a value cannot be given to a type, completing "the value …". What JSON holds inside is known only at run time. */
export function whyValueUnfit(expression: Expression, type: ValueType): string | undefined {
  if (expression.kind === 'Literal') return checkValue(type, expression.value);
  if (expression.type.kind === 'json' || fitsType(expression.type, type)) return undefined;
  return `is ${describeExpression(expression)}, which is ${describeType(expression.type)} and not ${describeType(type)}`;
}

function whySourceUnfit(source: ArtifactSource, input: { readonly artifact: ArtifactSource['artifact']; readonly many?: true }): string | undefined {
  const isCollection = source.kind === 'ArtifactCollection';
  if (isCollection && !input.many) return 'is a collection, but one artifact is wanted';
  if (!isCollection && input.many) return 'is one artifact, but a collection is wanted';
  return whyUnfit(source.artifact, input.artifact);
}
