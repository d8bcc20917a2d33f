import { checkValue, describeType } from '../contract/index.ts';
import { PipewrightError, type Issue } from '../errors/index.ts';
import type { Pipeline } from '../ir/index.ts';
import { closest, listed, type Json } from '../util/index.ts';

/** The values of all parameters of a pipeline: those given, else their defaults. Throws PW307 with everything that is wrong. */
export function bindParameters(pipeline: Pipeline, given: Readonly<Record<string, Json>> = {}): Readonly<Record<string, Json>> {
  const issues: Issue[] = [];
  const names = Object.keys(pipeline.parameters);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(pipeline.parameters, name)) continue;
    const near = closest(name, names);
    issues.push({ code: 'PW307', message: `The pipeline "${pipeline.name}" has no parameter "${name}".`, fix: near === undefined ? `It has: ${listed(names)}.` : `Did you mean "${near}"?` });
  }
  const bound: Record<string, Json> = {};
  for (const [name, { type, default: fallback }] of Object.entries(pipeline.parameters)) {
    const value = Object.hasOwn(given, name) ? given[name] : fallback;
    const reason = value === undefined ? undefined : checkValue(type, value);
    if (value === undefined) issues.push({ code: 'PW307', message: `The parameter "${name}" has no value and no default.`, fix: `Give it one of the type ${describeType(type)}.` });
    else if (reason !== undefined) issues.push({ code: 'PW307', message: `The parameter "${name}" ${reason}.`, fix: `Give it a value of the type ${describeType(type)}.` });
    else bound[name] = value;
  }
  if (issues.length > 0) throw new PipewrightError(issues);
  return bound;
}
