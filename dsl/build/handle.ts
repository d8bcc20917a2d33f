import { outputsIn, walkExpression } from '../ir/index.ts';
import { isArtifact } from './artifact-handle.ts';
import { isValue } from './value.ts';

const nodeId: unique symbol = Symbol('node');

/** What a task or a group returns; it can stand in the `after` of another. */
export interface NodeHandle {
  readonly [nodeId]: string;
}

export function withNode<T extends object>(id: string, members: T): T & NodeHandle {
  return Object.freeze({ ...members, [nodeId]: id });
}

/** The identifiers of the nodes that a handle stands for. */
export function nodesOf(handle: unknown): readonly string[] {
  if (isValue(handle)) {
    const found: string[] = [];
    walkExpression(handle.expression, (inner) => {
      if (inner.kind === 'ResultReference') found.push(inner.task);
    });
    return found;
  }
  if (isArtifact(handle)) return outputsIn(handle.source).map((output) => output.task);
  if (typeof handle === 'object' && handle !== null && nodeId in handle) return [(handle as NodeHandle)[nodeId]];
  return [];
}
