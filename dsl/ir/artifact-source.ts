import type { ArtifactType } from '../contract/index.ts';

/* Where a task's input artifact comes from. The mirror of `expressions`, for artifacts. */

export interface OutputReference { readonly kind: 'OutputReference'; readonly artifact: ArtifactType; readonly task: string; readonly output: string }
/** An artifact inside a loop, seen from outside: one entry per item, named by the item's index. */
export interface ArtifactCollection { readonly kind: 'ArtifactCollection'; readonly artifact: ArtifactType; readonly loop: string; readonly of: ArtifactSource }
export interface ArtifactFallback { readonly kind: 'ArtifactFallback'; readonly artifact: ArtifactType; readonly first: ArtifactSource; readonly second: ArtifactSource }
export interface ArtifactJoin { readonly kind: 'ArtifactJoin'; readonly artifact: ArtifactType; readonly when: string; readonly then: ArtifactSource; readonly otherwise: ArtifactSource }

export type ArtifactSource = OutputReference | ArtifactCollection | ArtifactFallback | ArtifactJoin;

/** All outputs that a source may read. */
export function outputsIn(source: ArtifactSource): readonly OutputReference[] {
  switch (source.kind) {
    case 'OutputReference':
      return [source];
    case 'ArtifactCollection':
      return outputsIn(source.of);
    case 'ArtifactFallback':
      return [...outputsIn(source.first), ...outputsIn(source.second)];
    case 'ArtifactJoin':
      return [...outputsIn(source.then), ...outputsIn(source.otherwise)];
  }
}

export function describeSource(source: ArtifactSource): string {
  switch (source.kind) {
    case 'OutputReference':
      return `${source.task}.${source.output}`;
    case 'ArtifactCollection':
      return `all of ${describeSource(source.of)}`;
    case 'ArtifactFallback':
      return `${describeSource(source.first)} or else ${describeSource(source.second)}`;
    case 'ArtifactJoin':
      return `${describeSource(source.then)} or ${describeSource(source.otherwise)}`;
  }
}
