import { checkTrees, type BoostedTrees } from '../predictor/index.ts';
import { readCount, readList, readMember, readNumber, readOneOf, type Place } from './reader.ts';

/*
 * Trees as files. `model.json` says how many there are; `weights.bin` holds, member by member and little-endian: the first
 * node of each tree (int32), then of each node its column (int32, −1 for a leaf), its left child (int32, the right one is
 * the next) and its number (float64: a threshold, or what a leaf adds).
 */

export const TREES_FORMAT = 'pipewright/trees/1';

const INTEGER_BYTES = 4;
const NODE_BYTES = 2 * INTEGER_BYTES + 8;

export function treesModelOf(members: readonly BoostedTrees[]): unknown {
  return {
    format: TREES_FORMAT,
    generatedBy: 'Pipewright',
    members: members.map(({ inputs, base, roots, column }) => ({ inputs, base, trees: roots.length, nodes: column.length })),
  };
}

export function treeBytesOf(members: readonly BoostedTrees[]): Uint8Array {
  const bytes = new Uint8Array(members.reduce((sum, { roots, column }) => sum + bytesFor(roots.length, column.length), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { roots, column, left, number } of members) {
    for (const integers of [roots, column, left]) {
      for (const integer of integers) {
        view.setInt32(at, integer, true);
        at += INTEGER_BYTES;
      }
    }
    for (const value of number) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return bytes;
}

/** Throws RangeError for another kind of model, when counts and bytes do not agree, and for trees that are not sound. */
export function readTreesModel(json: unknown, bytes: Uint8Array): BoostedTrees[] {
  const root: Place = { value: json, path: '' };
  readOneOf(readMember(root, 'format'), [TREES_FORMAT]);
  const plans = readList(readMember(root, 'members'), (place) => ({
    inputs: readCount(readMember(place, 'inputs')),
    base: readNumber(readMember(place, 'base')),
    trees: readCount(readMember(place, 'trees')),
    nodes: readCount(readMember(place, 'nodes')),
  }));
  const needed = plans.reduce((sum, { trees, nodes }) => sum + bytesFor(trees, nodes), 0);
  if (bytes.length !== needed) throw new RangeError(`weights.bin has ${bytes.length} bytes; the trees in model.json need ${needed}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const takeIntegers = (length: number): Int32Array => Int32Array.from({ length }, () => view.getInt32((at += INTEGER_BYTES) - INTEGER_BYTES, true));
  return plans.map(({ inputs, base, trees, nodes }) => {
    const member: BoostedTrees = {
      inputs,
      base,
      roots: takeIntegers(trees),
      column: takeIntegers(nodes),
      left: takeIntegers(nodes),
      number: Float64Array.from({ length: nodes }, () => view.getFloat64((at += 8) - 8, true)),
    };
    checkTrees(member);
    return member;
  });
}

function bytesFor(trees: number, nodes: number): number {
  return trees * INTEGER_BYTES + nodes * NODE_BYTES;
}
