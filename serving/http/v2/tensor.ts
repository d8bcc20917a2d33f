import { badRequest } from '../../errors.ts';
import { isObject, kindOf, quote, type JsonObject } from '../json.ts';

/** Bytes of one element, as the Open Inference Protocol lists them; BYTES have a length each. */
export const DATATYPES: Readonly<Record<string, number | undefined>> = {
  BOOL: 1, UINT8: 1, UINT16: 2, UINT32: 4, UINT64: 8, INT8: 1, INT16: 2, INT32: 4, INT64: 8, FP16: 2, FP32: 4, FP64: 8, BYTES: undefined,
};

/** One tensor of a request, its shape and type checked, its data not looked at yet. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: string;
  /** Every dimension is 0 or more. */
  readonly shape: readonly number[];
  /** A list from the JSON, nested or flat, or the tensor's bytes. */
  readonly data: readonly unknown[] | Buffer;
}

/**
 * The tensors in `inputs`. Tensors whose parameters have `binary_data_size` take their bytes from `binary`, one after
 * the other. 400 for anything that is not a tensor, a name that comes twice, and bytes that are missing or left over.
 */
export function readTensors(inputs: unknown, binary: Buffer | undefined): InputTensor[] {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw badRequest(`"inputs" must be a list of tensors, each with name, shape, datatype and data; got ${kindOf(inputs)}.`);
  }
  let offset = 0;
  const tensors = inputs.map((input: unknown, at): InputTensor => {
    const { name, shape, datatype, parameters, data } = readHead(input, at);
    const size = isObject(parameters) ? parameters['binary_data_size'] : undefined;
    if (size === undefined) {
      if (!Array.isArray(data)) throw badRequest(`Input ${quote(name)} must have "data", a list; got ${kindOf(data)}.`);
      return { name, shape, datatype, data };
    }
    if (data !== undefined) throw badRequest(`Input ${quote(name)} has both "data" and "binary_data_size"; send one of them.`);
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw badRequest(`The binary_data_size of input ${quote(name)} must be a whole number of bytes; got ${kindOf(size)}.`);
    if (binary === undefined) throw badRequest(`Input ${quote(name)} has a binary_data_size, but the request has no header Inference-Header-Content-Length.`);
    if (offset + size > binary.length) {
      throw badRequest(`Input ${quote(name)} should have ${size} bytes behind the JSON, but only ${binary.length - offset} are left.`);
    }
    const bytes = binary.subarray(offset, offset + size);
    offset += size;
    return { name, shape, datatype, data: bytes };
  });
  if (binary !== undefined && offset !== binary.length) {
    throw badRequest(`${binary.length - offset} bytes behind the JSON belong to no input: check each binary_data_size and Inference-Header-Content-Length.`);
  }
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw badRequest(`Input ${quote(name)} comes twice; send it once.`);
    names.add(name);
  }
  return tensors;
}

interface TensorHead {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly parameters: unknown;
  readonly data: unknown;
}

function readHead(input: unknown, at: number): TensorHead {
  if (!isObject(input)) throw badRequest(`inputs[${at}] must be an object with name, shape, datatype and data; got ${kindOf(input)}.`);
  const { name, shape, datatype, parameters, data } = input as JsonObject & Partial<Record<keyof TensorHead, unknown>>;
  if (typeof name !== 'string' || name === '') throw badRequest(`inputs[${at}] must have a "name"; got ${kindOf(name)}.`);
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isDimension)) {
    throw badRequest(`Input ${quote(name)} must have a "shape", a list of whole numbers of 0 or more; got ${shapeText(shape)}.`);
  }
  if (typeof datatype !== 'string' || !Object.hasOwn(DATATYPES, datatype)) {
    throw badRequest(`Input ${quote(name)} must have a "datatype", one of ${Object.keys(DATATYPES).join(', ')}; got ${kindOf(datatype)}.`);
  }
  if (parameters !== undefined && !isObject(parameters)) throw badRequest(`The parameters of input ${quote(name)} must be an object; got ${kindOf(parameters)}.`);
  return { name, shape: shape as number[], datatype, parameters, data };
}

function isDimension(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A shape for messages: short, whatever a client sends. */
export function shapeText(shape: unknown): string {
  if (!Array.isArray(shape)) return kindOf(shape);
  const shown = shape.slice(0, 8).map((dimension) => (typeof dimension === 'number' ? String(dimension) : kindOf(dimension)));
  return `[${shown.join(', ')}${shape.length > 8 ? ', …' : ''}]`;
}
