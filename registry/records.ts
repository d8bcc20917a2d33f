import { PipewrightError, type Issue } from '../dsl/errors/index.ts';
import { canonicalJson, type Json } from '../dsl/util/index.ts';
import { invalid } from './names.ts';

/** Numbers in keys have eight digits, so that keys sort as the numbers do. */
const DIGITS = 8;

export function versionsPrefix(name: string): string {
  return `registry/${name}/versions/`;
}

export function versionKey(name: string, version: number): string {
  return `${versionsPrefix(name)}${String(version).padStart(DIGITS, '0')}.json`;
}

export function ledgerPrefix(name: string): string {
  return `registry/${name}/ledger/`;
}

export function ledgerKey(name: string, sequence: number): string {
  return `${ledgerPrefix(name)}${String(sequence).padStart(DIGITS, '0')}.json`;
}

/** The number at the end of such a key. */
export function numberOf(key: string): number {
  const digits = /(?:^|\/)([0-9]+)\.json$/.exec(key)?.[1];
  if (digits === undefined) throw new PipewrightError(unreadable(key, 'is not a record of this registry'));
  return Number(digits);
}

/** One line that a person can read and a digest can rely on. */
export function formatRecord(value: unknown): string {
  try {
    return `${canonicalJson(value)}\n`;
  } catch (cause) {
    throw invalid(`The record cannot be written: ${(cause as Error).message}.`, 'Leave the value out, or write null in its place.');
  }
}

/** A JSON object, or PW404. */
export function parseRecord(key: string, text: string): Readonly<Record<string, Json>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PipewrightError(unreadable(key, 'is not a JSON object'));
  return value as Readonly<Record<string, Json>>;
}

export function unreadable(key: string, what: string): Issue {
  return { code: 'PW404', message: `The record "${key}" ${what}.`, fix: 'Restore it from a backup of the store: Pipewright never changes such a record.' };
}
