import type { ValueType } from '../contract/index.ts';
import { expressionsOf, walkExpression, type Collection, type Expression, type ForEach, type Node } from '../ir/index.ts';
import { portName } from './names.ts';

/*
 * Fan-in of parameters. Argo gathers an output of all items into one JSON list, but of unstable shape: when every text
 * in it is a JSON object or array, they are put in as such, otherwise all stay texts (tryJSONUnmarshal in
 * workflow/controller/operator.go). So a list of strings could turn into a list of objects by its contents. Two ways
 * out: the body is a DAG whose output is an object around the value, always an object; or, where the body is one step,
 * the type says whether that can happen at all.
 */

/** Every collection that is made of a loop, under the name of the port that carries it. */
export type Collections = ReadonlyMap<string, ReadonlyMap<string, Collection>>;

/** All collections by loop, then by the identity of what they gather. */
export function findCollections(nodes: Iterable<Node>): Collections {
  const found = new Map<string, Map<string, Collection>>();
  const visit = (expression: Expression): void => {
    if (expression.kind !== 'Collection') return;
    const ofLoop = found.get(expression.loop) ?? new Map<string, Collection>();
    found.set(expression.loop, ofLoop);
    ofLoop.set(collectionKey(expression), expression);
  };
  for (const node of nodes) for (const expression of expressionsOf(node)) walkExpression(expression, visit);
  return found;
}

/** What a collection gathers, as a text. Cheap for the common case: a result. */
export function collectionKey({ of }: Collection): string {
  return of.kind === 'ResultReference' ? `${of.task}.${of.result}` : JSON.stringify(of);
}

/** The port that carries a collection out of its loop's body. */
export function collectionName(collection: Collection, collections: Collections): string {
  const { of, loop } = collection;
  if (of.kind === 'ResultReference') return portName(loop, portName(of.task, of.result));
  const position = [...(collections.get(loop)?.keys() ?? [])].indexOf(collectionKey(collection));
  return portName(loop, `value-${position + 1}`);
}

/** Whether the body of a loop can be its one step, without a DAG around it. */
export function isSingleStep(loop: ForEach, collections: Collections): boolean {
  const [only, ...others] = loop.body;
  if (only?.kind !== 'Task' || others.length > 0) return false;
  return [...(collections.get(loop.id)?.values() ?? [])].every(({ of }) => of.kind === 'ResultReference' && of.task === only.id && keepsItsShape(of.type));
}

/** Whether Argo's list of such texts can be told apart from a list of what they stand for. */
function keepsItsShape(type: ValueType): boolean {
  if (type.kind === 'enum') return !type.values.some(isObjectOrArray);
  return type.kind !== 'string';
}

function isObjectOrArray(text: string): boolean {
  return /^\s*[[{]/.test(text);
}

/** The list of values in Argo's list of the texts of a step's result. */
export function decodeTexts(source: string, type: ValueType): string {
  switch (type.kind) {
    case 'string':
    case 'enum':
      return `fromJSON(${source})`;
    case 'integer':
    case 'number':
    case 'boolean':
      return `map(fromJSON(${source}), fromJSON(#))`;
    case 'json':
    case 'list':
      return `map(fromJSON(${source}), type(#) == "string" ? fromJSON(#) : #)`;
  }
}

/** The list of values in Argo's list of objects around them. */
export function decodeObjects(source: string): string {
  return `map(fromJSON(${source}), #["value"])`;
}

/** The object around a value: see the beginning of this file. */
export function encodeObject(value: string): string {
  return `toJson({"value": ${value}})`;
}
