import { badRequest } from '../../errors.ts';
import { kindOf, quote } from '../json.ts';
import { DATATYPES, shapeText, type InputTensor } from './tensor.ts';

/**
 * The numbers of an FP32 or FP64 tensor of `rows` × `columns` elements, row-major; its shape was checked. FP32 is rounded
 * to single precision, so that JSON and bytes mean the same. 400 when the data does not fill the shape or holds anything
 * but finite numbers.
 */
export function readNumbers(tensor: InputTensor, rows: number, columns: number): Float64Array {
  const { data } = tensor;
  if (Buffer.isBuffer(data)) return readBytes(tensor, data, rows * columns);
  const isNested = tensor.shape.length === 2 && Array.isArray(data[0]);
  // Before the memory is taken: a shape may claim any size.
  requireCount(tensor, data.length, isNested ? rows : rows * columns, isNested ? 'rows' : 'values');
  const numbers = new Float64Array(rows * columns);
  if (!isNested) {
    copyList(tensor, data, numbers, 0, numbers.length);
    return numbers;
  }
  for (const [row, list] of data.entries()) {
    if (!Array.isArray(list)) throw badRequest(`Row ${row} of input ${quote(tensor.name)} must be a list like the rows before it; got ${kindOf(list)}.`);
    requireCount(tensor, list.length, columns, `values in row ${row}`);
    copyList(tensor, list, numbers, row * columns, columns);
  }
  return numbers;
}

function copyList(tensor: InputTensor, list: readonly unknown[], to: Float64Array, first: number, count: number): void {
  const isSingle = tensor.datatype === 'FP32';
  for (let at = 0; at < count; at++) {
    const value = list[at];
    const number = isSingle && typeof value === 'number' ? Math.fround(value) : value;
    // Any finite number minus itself is 0; NaN and the infinities are not.
    if (typeof number !== 'number' || number - number !== 0) throw notFinite(tensor, first + at, value);
    to[first + at] = number;
  }
}

function readBytes(tensor: InputTensor, bytes: Buffer, count: number): Float64Array {
  const size = DATATYPES[tensor.datatype]!;
  requireCount(tensor, bytes.length, count * size, 'bytes');
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const value = size === 4 ? bytes.readFloatLE(at * 4) : bytes.readDoubleLE(at * 8);
    if (value - value !== 0) throw notFinite(tensor, at, value);
    numbers[at] = value;
  }
  return numbers;
}

/** The texts of a BYTES tensor with `count` elements. 400 when the data does not fill the shape or is no text. */
export function readTexts(tensor: InputTensor, count: number): string[] {
  const { data, name } = tensor;
  if (Buffer.isBuffer(data)) return readCountedTexts(tensor, data, count);
  // [n, 1] may come nested, as numpy's tolist() writes it.
  const flat = tensor.shape.length === 2 && Array.isArray(data[0]) ? data.flat() : data;
  requireCount(tensor, flat.length, count, 'values');
  const odd = flat.findIndex((value) => typeof value !== 'string');
  if (odd >= 0) throw badRequest(`Input ${quote(name)} must hold texts; element ${odd} is ${kindOf(flat[odd])}.`);
  return flat as string[];
}

/** Texts as the binary extension writes them: four bytes of length, little-endian, then that many bytes, each. */
function readCountedTexts(tensor: InputTensor, bytes: Buffer, count: number): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const start = at + 4;
    const end = start <= bytes.length ? start + bytes.readUInt32LE(at) : Infinity;
    if (end > bytes.length) throw badRequest(`The bytes of input ${quote(tensor.name)} end in the middle of element ${texts.length}; each element is its length in four bytes, little-endian, and then its bytes.`);
    texts.push(bytes.toString('utf8', start, end));
    at = end;
  }
  requireCount(tensor, texts.length, count, 'values');
  return texts;
}

function requireCount(tensor: InputTensor, got: number, expected: number, what: string): void {
  if (got === expected) return;
  throw badRequest(`Input ${quote(tensor.name)} has the shape ${shapeText(tensor.shape)} of ${tensor.datatype}, which needs ${expected} ${what}; its data has ${got}.`);
}

function notFinite(tensor: InputTensor, at: number, value: unknown): Error {
  const hint = value === null ? ' (many programs write NaN and Infinity as null)' : '';
  return badRequest(`Input ${quote(tensor.name)} must hold finite ${tensor.datatype} numbers; element ${at} is ${kindOf(value)}${hint}. Leave incomplete rows out.`);
}
