import { PipewrightError } from '../../dsl/errors/index.ts';
import type { Served } from './place.ts';

/** PW603. `why` is a clause. */
export function notRolledOut({ model, version }: Served, why: string, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW603', message: `Version ${version} of ${model} was not rolled out: ${why.replace(/\.$/, '')}.`, fix });
}

/** The reason of any error, as a clause. */
export function reasonOf(error: unknown): string {
  if (error instanceof PipewrightError) return error.issues.map(({ message }) => message).join(' ').replace(/\.$/, '');
  return error instanceof Error ? error.message : String(error);
}
