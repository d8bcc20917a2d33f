import { PipewrightError, type SourceLocation } from '../errors/index.ts';
import { isArtifact } from './artifact-handle.ts';
import { nodesOf } from './handle.ts';
import { isValue } from './value.ts';

/*
 * What `tsc` refuses at the author's own line, for those who run first and check later: a sentence in place of
 * "Cannot read properties of undefined".
 */

type Place = SourceLocation | undefined;

export function demandFunction(value: unknown, which: string, example: string, location: Place): void {
  if (typeof value !== 'function') throw unfit(which, describe(value), 'a function', example, location);
}

export function demandOptions(value: unknown, which: string, example: string, location: Place): void {
  if (!isPlain(value)) throw unfit(which, describe(value), 'an object', example, location);
}

export function demandStep(value: unknown, location: Place): void {
  if (isPlain(value) && isPlain(value['contract'])) return;
  throw unfit('The first argument of task', describe(value), 'a step', 'Give it what defineStep or defineContainerStep returned. If that is imported: do two files import each other?', location);
}

export function demandCondition(value: unknown, location: Place): void {
  if (isValue(value)) return;
  throw unfit('The condition of when', describe(value), 'a value of the pipeline', 'Compare a parameter or a result: params.n.equals(1). What is known already needs no when.', location);
}

export function demandItems(value: unknown, location: Place): void {
  if (isValue(value) || Array.isArray(value)) return;
  throw unfit('What forEach goes over', describe(value), 'a list', 'Give it an array, or a value of type t.list(…).', location);
}

export function demandAfter(value: unknown, location: Place): void {
  const fix = 'Write after: [first], with what task, when or forEach returned.';
  if (value !== undefined && !Array.isArray(value)) throw unfit('The option "after"', describe(value), 'a list', fix, location);
  const stranger = ((value ?? []) as readonly unknown[]).find((each) => each !== undefined && !isValue(each) && !isArtifact(each) && nodesOf(each).length === 0);
  if (stranger !== undefined) throw unfit('An item of the option "after"', describe(stranger), 'a task or a group', fix, location);
}

/** A plain value must not hide a handle: it would be written down as the data that a handle is made of. */
export function demandPlain(value: unknown, which: string, location: Place, around: readonly object[] = []): void {
  if (isValue(value) || isArtifact(value)) {
    throw new PipewrightError({ code: 'PW106', message: `${which} holds ${describe(value)}, which is not known before the pipeline runs.`, fix: 'Give each such value to a parameter of its own.', location });
  }
  // A circle is no JSON, which `check` says.
  if (typeof value !== 'object' || value === null || around.includes(value)) return;
  if (nodesOf(value).length > 0) throw unfit(which, 'all that a task or group returned', 'one of its results', 'Name one of its results or outputs: first.total.', location);
  if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) for (const inner of Object.values(value)) demandPlain(inner, which, location, [...around, value]);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isValue(value) && !isArtifact(value);
}

function unfit(which: string, what: string, wanted: string, fix: string, location: Place): PipewrightError {
  return new PipewrightError({ code: 'PW106', message: `${which} is ${what}, which is not ${wanted}.`, fix, location });
}

function describe(value: unknown): string {
  if (isValue(value)) return 'a value of the pipeline';
  if (isArtifact(value)) return 'an artifact';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}
