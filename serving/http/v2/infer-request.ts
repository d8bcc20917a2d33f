import { badRequest } from '../../errors.ts';
import { isObject, kindOf, parseJsonObject, quote, type JsonObject } from '../json.ts';
import { closest } from '../../../dsl/util/index.ts';
import { readTensors, type InputTensor } from './tensor.ts';

export const OUTPUTS = ['probability', 'direction'] as const;
export type OutputName = (typeof OUTPUTS)[number];

/** An output that the client wants, and whether as bytes behind the JSON. */
export interface WantedOutput {
  readonly name: OutputName;
  readonly binary: boolean;
}

/** An inference request, its form checked; what the tensors mean depends on the model. */
export interface InferRequest {
  readonly id: string | undefined;
  /** Sent back as they came, without the ones that steer the reply. */
  readonly parameters: JsonObject | undefined;
  readonly inputs: readonly InputTensor[];
  readonly outputs: readonly WantedOutput[];
}

const ALL_AS_JSON: readonly WantedOutput[] = OUTPUTS.map((name) => ({ name, binary: false }));
const ALL_AS_BYTES: readonly WantedOutput[] = OUTPUTS.map((name) => ({ name, binary: true }));

/**
 * Reads the body of an inference request (Open Inference Protocol V2, REST). `headerLength` is the header
 * Inference-Header-Content-Length of Triton's binary extension: the bytes of the JSON, behind which tensors follow.
 * 400 for everything that the protocol does not allow.
 */
export function readInferRequest(body: Buffer, headerLength: string | undefined): InferRequest {
  const { json, binary } = splitBody(body, headerLength);
  const request = parseJsonObject(json);
  const { id } = request;
  if (id !== undefined && typeof id !== 'string') throw badRequest(`"id" must be a text; got ${kindOf(id)}.`);
  const parameters = readParameters(request['parameters'], 'The request');
  const inputs = readTensors(request['inputs'], binary);
  const asBytes = parameters?.['binary_data_output'] === true;
  return { id, parameters: withoutSteering(parameters), inputs, outputs: readOutputs(request['outputs'], asBytes) };
}

function splitBody(body: Buffer, headerLength: string | undefined): { readonly json: Buffer; readonly binary: Buffer | undefined } {
  if (headerLength === undefined) return { json: body, binary: undefined };
  const length = Number(headerLength);
  if (!/^\d+$/.test(headerLength) || length > body.length) {
    throw badRequest(`Inference-Header-Content-Length is ${quote(headerLength)}; it must be the bytes of the JSON, at most the ${body.length} bytes of the body.`);
  }
  if (length === 0) throw badRequest('Inference-Header-Content-Length is 0, a body without JSON; this model has more than one input, so say in JSON which one it is.');
  return { json: body.subarray(0, length), binary: body.subarray(length) };
}

/** Values of parameters are texts, numbers or booleans, by the protocol. */
function readParameters(parameters: unknown, whose: string): JsonObject | undefined {
  if (parameters === undefined) return undefined;
  if (!isObject(parameters)) throw badRequest(`${whose} has "parameters" that are not an object; got ${kindOf(parameters)}.`);
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw badRequest(`${whose} has the parameter ${quote(name)}, which must be a text, a number or a boolean; got ${kindOf(value)}.`);
    }
  }
  return parameters;
}

function withoutSteering(parameters: JsonObject | undefined): JsonObject | undefined {
  if (parameters === undefined || !Object.hasOwn(parameters, 'binary_data_output')) return parameters;
  const { binary_data_output: _, ...rest } = parameters;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function readOutputs(outputs: unknown, asBytes: boolean): readonly WantedOutput[] {
  const all = asBytes ? ALL_AS_BYTES : ALL_AS_JSON;
  if (outputs === undefined) return all;
  if (!Array.isArray(outputs)) throw badRequest(`"outputs" must be a list of objects with a name; got ${kindOf(outputs)}.`);
  // As Triton does: an empty list asks for nothing in particular.
  if (outputs.length === 0) return all;
  const wanted = outputs.map((output: unknown, at): WantedOutput => {
    const name = isObject(output) ? output['name'] : undefined;
    if (!isObject(output) || typeof name !== 'string') throw badRequest(`outputs[${at}] must be an object with a "name", one of ${OUTPUTS.join(', ')}; got ${kindOf(isObject(output) ? name : output)}.`);
    if (!isOutput(name)) {
      const meant = closest(name.slice(0, 40), OUTPUTS);
      throw badRequest(`There is no output ${quote(name)}; ${meant ? `did you mean "${meant}"?` : `the outputs are ${OUTPUTS.join(', ')}.`}`);
    }
    const parameters = readParameters(output['parameters'], `Output "${name}"`);
    if (parameters?.['classification'] !== undefined) throw badRequest(`Output "${name}" asks for the parameter "classification", which is not offered; read probability and direction instead.`);
    const binary = parameters?.['binary_data'];
    return { name, binary: binary === undefined ? asBytes : binary === true };
  });
  const twice = wanted.find(({ name }, at) => wanted.findIndex((other) => other.name === name) < at);
  if (twice) throw badRequest(`Output "${twice.name}" is asked for twice; ask once.`);
  return wanted;
}

function isOutput(name: string): name is OutputName {
  return (OUTPUTS as readonly string[]).includes(name);
}
