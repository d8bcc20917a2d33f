import { checkValue, fingerprintParts, type FingerprintParts, type StepContract } from '../contract/index.ts';
import { PipewrightError } from '../errors/index.ts';
import type { Task } from '../ir/index.ts';
import type { Digest, Json } from '../util/index.ts';
import type { ArtifactReference } from '../../store/index.ts';
import { ABSENT, evaluate, requirePresent } from './evaluate.ts';
import { evaluateSource } from './evaluate-source.ts';
import type { Values } from './values.ts';

/** A task with everything that it is given. */
export interface TaskInstance {
  readonly name: string;
  readonly node: Task;
  readonly contract: StepContract;
  readonly items: readonly number[];
  readonly parameters: Readonly<Record<string, Json>>;
  /** null where an optional input is absent. */
  readonly inputs: Readonly<Record<string, ArtifactReference | readonly ArtifactReference[] | null>>;
}

/** Throws PW106, PW108 or PW110 when something that it is given has no value or the wrong one. */
export function bindTask(node: Task, contract: StepContract, items: readonly number[], values: Values): TaskInstance {
  const parameters: Record<string, Json> = {};
  for (const [name, expression] of Object.entries(node.parameters)) {
    const value = requirePresent(evaluate(expression, values, items), expression);
    const reason = checkValue(contract.parameters[name]!.type, value);
    if (reason !== undefined) {
      throw new PipewrightError({
        code: 'PW106',
        message: `The parameter "${name}" of the task "${values.nameOf(node.id, items)}" ${reason}.`,
        fix: 'Look at the values that go into it, or widen the type in the step\'s contract.',
      });
    }
    parameters[name] = value;
  }
  const inputs: Record<string, ArtifactReference | readonly ArtifactReference[] | null> = {};
  for (const [name, { optional }] of Object.entries(contract.inputs)) {
    const source = node.inputs[name];
    const found = source === undefined ? ABSENT : evaluateSource(source, values, items);
    if (found === ABSENT && !optional) {
      throw new PipewrightError({
        code: 'PW108',
        message: `The input "${name}" of the task "${values.nameOf(node.id, items)}" is absent, because the task that writes it was skipped.`,
        fix: 'Give it a fallback with .orElse(…), or declare the input with artifact.optional(…).',
      });
    }
    inputs[name] = found === ABSENT ? null : found;
  }
  return { name: values.nameOf(node.id, items), node, contract, items, parameters, inputs };
}

export function partsOf({ contract, parameters, inputs }: TaskInstance, code: Digest, environment: Readonly<Record<string, string | undefined>>): FingerprintParts {
  const digests = Object.entries(inputs).map(([name, input]) => [name, input === null ? null : isList(input) ? input.map(({ digest }) => digest) : input.digest] as const);
  return fingerprintParts(contract, { code, parameters, inputs: Object.fromEntries(digests), environment });
}

export function isList(input: ArtifactReference | readonly ArtifactReference[]): input is readonly ArtifactReference[] {
  return Array.isArray(input);
}
