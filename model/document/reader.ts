import { isDigest, listed, type Digest, type Json } from '../../dsl/util/index.ts';

/** A value inside a JSON document, and the way to it for messages: `training.splits.test.rows`. */
export interface Place {
  readonly value: unknown;
  readonly path: string;
}

/** Each reader answers the value in its type or throws a RangeError that names the place, the value and what it should be. */
export function readMember(place: Place, name: string): Place {
  return { value: readObject(place)[name], path: place.path === '' ? name : `${place.path}.${name}` };
}

export function readText(place: Place): string {
  return typeof place.value === 'string' && place.value !== '' ? place.value : refuse(place, 'a text that is not empty');
}

export function readNumber(place: Place): number {
  return typeof place.value === 'number' && Number.isFinite(place.value) ? place.value : refuse(place, 'a finite number');
}

/** A whole number of 1 or more. */
export function readCount(place: Place): number {
  const { value } = place;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : refuse(place, 'a whole number of 1 or more');
}

/** A number from 0 to 1, both included. */
export function readShare(place: Place): number {
  const number = readNumber(place);
  return number >= 0 && number <= 1 ? number : refuse(place, 'a number from 0 to 1');
}

export function readDay(place: Place): string {
  const text = readText(place);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : refuse(place, 'a day such as 2020-02-28');
}

export function readDigest(place: Place): Digest {
  const text = readText(place);
  return isDigest(text) ? text : refuse(place, 'a digest: sha256: and 64 hexadecimal digits');
}

export function readOneOf<T extends string>(place: Place, options: readonly T[]): T {
  return options.find((option) => option === place.value) ?? refuse(place, `one of ${listed(options)}`);
}

export function readList<T>(place: Place, readItem: (item: Place) => T): T[] {
  if (!Array.isArray(place.value)) return refuse(place, 'a list');
  return place.value.map((value: unknown, at) => readItem({ value, path: `${place.path}[${at}]` }));
}

export function readRecord<T>(place: Place, readItem: (item: Place) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(readObject(place)).map((name) => [name, readItem(readMember(place, name))]));
}

/** Any JSON value that is there. */
export function readJson(place: Place): Json {
  return place.value === undefined ? refuse(place, 'there') : (place.value as Json);
}

export function refuse(place: Place, wanted: string): never {
  const where = place.path === '' ? 'the document' : place.path;
  const found = place.value === undefined ? 'missing' : JSON.stringify(place.value)?.slice(0, 60);
  throw new RangeError(`${where} is ${found}; it must be ${wanted}.`);
}

function readObject(place: Place): Record<string, unknown> {
  if (typeof place.value !== 'object' || place.value === null || Array.isArray(place.value)) return refuse(place, 'an object');
  return place.value as Record<string, unknown>;
}
