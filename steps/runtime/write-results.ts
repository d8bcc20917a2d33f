import { rename, writeFile } from 'node:fs/promises';
import { checkValue, encodeValue, type StepContract } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { listed, type Json } from '../../dsl/util/index.ts';

/** Checks what a step returned against its contract. Throws PW302 for what is missing and PW308 for what has the wrong type. */
export function checkResults(contract: StepContract, returned: unknown): Readonly<Record<string, Json>> {
  const given = (returned ?? {}) as Readonly<Record<string, unknown>>;
  const names = Object.keys(contract.results);
  const issues: Issue[] = [];
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    issues.push({ code: 'PW308', message: `The step "${contract.name}" returned "${name}", which is not one of its results.`, fix: `It has: ${listed(names)}. Declare it in the contract, or do not return it.` });
  }
  for (const [name, { type }] of Object.entries(contract.results)) {
    const value = given[name];
    if (value === undefined) issues.push({ code: 'PW302', message: `The step "${contract.name}" did not return its result "${name}".`, fix: 'Return it, or take it out of the contract.' });
    else {
      const reason = checkValue(type, value);
      if (reason !== undefined) issues.push({ code: 'PW308', message: `The result "${name}" of the step "${contract.name}" ${reason}.`, fix: 'Return a value of the declared type, or change the type in the contract.' });
    }
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  return given as Readonly<Record<string, Json>>;
}

/** Writes each result's text to its path, whole or not at all. */
export async function writeResults(contract: StepContract, values: Readonly<Record<string, Json>>, paths: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, { type }] of Object.entries(contract.results)) {
    const temporary = `${paths[name]!}.tmp`;
    await writeFile(temporary, encodeValue(type, values[name]!));
    await rename(temporary, paths[name]!);
  }
}
