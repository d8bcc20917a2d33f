import { badRequest } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A body as a JSON object. 400 that says where the JSON breaks, or what came instead of an object. */
export function parseJsonObject(body: Buffer): JsonObject {
  if (body.length === 0) throw badRequest('The body is empty; send a JSON object.');
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`The body is not JSON: ${(error as Error).message}. Note that NaN and Infinity are not JSON.`);
  }
  if (!isObject(value)) throw badRequest(`The body must be a JSON object; got ${kindOf(value)}.`);
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a few words, for messages: never long, whatever a client sends. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length <= 40 ? value : `${value.slice(0, 40)}…`);
  return String(value);
}

/** A name that a client chose, for messages. */
export function quote(name: string): string {
  return JSON.stringify(name.length <= 80 ? name : `${name.slice(0, 80)}…`);
}
