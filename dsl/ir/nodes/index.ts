import type { ForEach } from './for-each.ts';
import type { Task } from './task.ts';
import type { When } from './when.ts';

export type { ForEach } from './for-each.ts';
export type { Retry, Task } from './task.ts';
export type { When } from './when.ts';

/** A new kind stops the build in every backend until each answers it: they switch over `kind` exhaustively. */
export type Node = Task | When | ForEach;
export type Group = When | ForEach;
export type NodeKind = Node['kind'];

/** The lists of nodes directly inside a group, each one a scope of its own. */
export function scopesOf(node: Node): readonly (readonly Node[])[] {
  switch (node.kind) {
    case 'Task':
      return [];
    case 'When':
      return [node.then, node.otherwise];
    case 'ForEach':
      return [node.body];
  }
}
