import { readFileSync } from 'node:fs';
import { decodeValue, describeType, type ParameterDeclaration, type ValueType } from '../../dsl/contract/index.ts';
import { PipewrightError, type Issue } from '../../dsl/errors/index.ts';
import { bindParameters } from '../../dsl/local/bind-parameters.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import type { Json } from '../../dsl/util/index.ts';
import { issuesOf, nearbyPath } from '../errors.ts';

export interface GivenParameters {
  /** `name=value`, as typed. */
  readonly param?: readonly string[];
  /** Path of a JSON object. */
  readonly paramFile?: string;
}

const ANYTHING: ParameterDeclaration = { type: { kind: 'json' }, default: null };

/**
 * The values that a run was given: those of the file, and on top of them the words of the command line, read by the
 * types that the pipeline declares. Whether all fit is said once, with everything that is wrong (PW307).
 */
export async function readParameters(pipeline: Pipeline, { param = [], paramFile }: GivenParameters): Promise<Readonly<Record<string, Json>>> {
  // No name means anything but a name here, not even "__proto__".
  const given: Record<string, Json> = Object.assign(Object.create(null), paramFile === undefined ? {} : readFile(paramFile));
  const unread: Issue[] = [];
  const unreadNames = new Set<string>();
  for (const word of param) {
    const [name, text] = splitWord(word);
    const declaration = Object.hasOwn(pipeline.parameters, name) ? pipeline.parameters[name] : undefined;
    const decoded = declaration === undefined ? { ok: true as const, value: text } : namesFile(declaration.type, text) ? { ok: true as const, value: await readDocument(name, text.slice(1)) } : decodeValue(declaration.type, text);
    if (decoded.ok) given[name] = decoded.value;
    else {
      unread.push({ code: 'PW307', message: `The parameter "${name}" ${decoded.reason}.`, fix: `Write --param ${example(name, declaration!.type)}.` });
      unreadNames.add(name);
    }
  }
  for (const name of unreadNames) delete given[name];
  try {
    // What could not be read has been told of: here it passes, whatever it is.
    const parameters = Object.entries(pipeline.parameters).map(([name, declaration]) => [name, unreadNames.has(name) ? ANYTHING : declaration] as const);
    bindParameters({ ...pipeline, parameters: Object.fromEntries(parameters) }, given);
  } catch (error) {
    unread.push(...(issuesOf(error) ?? throwOn(error)));
  }
  if (unread.length > 0) throw new PipewrightError(unread);
  return given;
}

/** No JSON begins with "@". A text may, and stays what it is. */
function namesFile({ kind }: ValueType, text: string): boolean {
  return (kind === 'json' || kind === 'list') && text.startsWith('@');
}

/** A document in YAML or JSON, which is YAML too. The parser is loaded by those who bring one. */
async function readDocument(name: string, path: string): Promise<Json> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `The file of the parameter "${name}", ${nearbyPath(path)}, cannot be read: ${(cause as Error).message}.`, fix: 'Behind "@" name a file in YAML or JSON.' }, { cause });
  }
  const { parse } = await import('yaml');
  try {
    return (parse(text) ?? null) as Json;
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `The file of the parameter "${name}", ${nearbyPath(path)}, is neither YAML nor JSON: ${(cause as Error).message.split('\n')[0]!.replace(/[.:]$/, '')}.`, fix: 'Correct it there.' }, { cause });
  }
}

function splitWord(word: string): readonly [string, string] {
  const equals = word.indexOf('=');
  if (equals > 0) return [word.slice(0, equals), word.slice(equals + 1)];
  throw new PipewrightError({ code: 'PW901', message: `--param "${word}" has no name and value.`, fix: 'Write --param name=value.' });
}

function readFile(path: string): Record<string, Json> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `The parameter file ${nearbyPath(path)} cannot be read: ${(cause as Error).message}.`, fix: 'Name a file that holds a JSON object.' }, { cause });
  }
  let value: unknown;
  try {
    // Some editors begin a file with a byte order mark, which is not part of it (RFC 8259 §8.1).
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new PipewrightError({ code: 'PW901', message: `The parameter file ${nearbyPath(path)} is not JSON: ${(cause as Error).message}.`, fix: 'Write one JSON object: { "name": value, … }.' }, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PipewrightError({ code: 'PW901', message: `The parameter file ${nearbyPath(path)} does not hold a JSON object.`, fix: 'Write one JSON object: { "name": value, … }.' });
  }
  return value as Record<string, Json>;
}

/** A word that would be right, quoted for a shell where it must be. */
function example(name: string, type: ValueType): string {
  switch (type.kind) {
    case 'string':
      return type.pattern === undefined ? `${name}=text` : `'${name}=…' with a text that matches ${type.pattern}`;
    case 'integer':
      return `${name}=${type.minimum ?? 1}${bounds(type)}`;
    case 'number':
      return `${name}=${type.minimum ?? 0.5}${bounds(type)}`;
    case 'boolean':
      return `${name}=true or ${name}=false`;
    case 'enum':
      return type.values.map((value) => `${name}=${value}`).join(' or ');
    case 'json':
      return `'${name}={"key": 1}', or ${name}=@file`;
    case 'list':
      return `'${name}=${type.items.kind === 'string' ? '["a", "b"]' : '[1, 2]'}', a ${describeType(type)} in JSON`;
  }
}

function bounds({ minimum, maximum }: { readonly minimum?: number; readonly maximum?: number }): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return `, at least ${minimum}`;
  return minimum === undefined ? `, at most ${maximum}` : `, from ${minimum} to ${maximum}`;
}

function throwOn(error: unknown): never {
  throw error;
}
