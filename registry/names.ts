import { PipewrightError } from '../dsl/errors/index.ts';

/** As a Kubernetes name (RFC 1123 label), because a served model carries it there. */
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HOW_TO_NAME = 'Use up to 63 lower-case letters, digits and "-", with a letter or digit at both ends.';
/** They would read as something else where a version may stand in place of an alias. */
const RESERVED = /^(latest|v?[0-9]+)$/;

export function checkModelName(name: string): void {
  if (!NAME.test(name)) throw invalid(`"${name}" is not a valid name of a model.`, HOW_TO_NAME);
}

export function checkAlias(alias: string): void {
  if (!NAME.test(alias)) throw invalid(`"${alias}" is not a valid alias.`, HOW_TO_NAME);
  if (RESERVED.test(alias)) throw invalid(`The alias "${alias}" is reserved.`, 'Choose a word such as "production", "champion" or "challenger".');
}

export function checkVersion(version: number): void {
  if (!Number.isSafeInteger(version) || version < 1) throw invalid(`${version} is not a version.`, 'Give a whole number from 1.');
}

export function checkText(what: string, text: string): void {
  if (text.trim() === '') throw invalid(`The ${what} is empty.`, `Say in a few words what the ${what} is: the ledger is read long after.`);
}

/** ISO 8601 in UTC with milliseconds, so that times compare as texts. */
export function checkTime(time: string | Date): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw invalid(`"${String(time)}" is not a time.`, 'Write it as in 2026-03-01T12:00:00Z.');
  return date.toISOString();
}

export function invalid(message: string, fix: string): PipewrightError {
  return new PipewrightError({ code: 'PW413', message, fix });
}
