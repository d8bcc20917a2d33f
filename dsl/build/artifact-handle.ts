import { captureLocation, PipewrightError } from '../errors/index.ts';
import { describeSource, type ArtifactSource } from '../ir/index.ts';

declare const kindOf: unique symbol;
declare const maybeKindOf: unique symbol;
declare const manyOf: unique symbol;

/** An artifact that a task will write. `K` is its kind, for `tsc`. */
export interface Artifact<K> {
  readonly source: ArtifactSource;
  readonly [kindOf]: K;
}

/** An artifact that is absent when its task was skipped. It can be used only through `orElse`. */
export interface MaybeArtifact<K> {
  readonly source: ArtifactSource;
  readonly [maybeKindOf]: K;
  /** This artifact, or the other one where this is absent. */
  orElse(other: Artifact<K>): Artifact<K>;
}

/** The artifacts of all items of a loop, in the order of the items: a folder with one entry per item. */
export interface ArtifactList<K> {
  readonly source: ArtifactSource;
  readonly [manyOf]: K;
}

class ArtifactHandle {
  readonly source: ArtifactSource;
  constructor(source: ArtifactSource) {
    this.source = Object.freeze(source);
    Object.freeze(this);
  }
  orElse(other: ArtifactHandle) {
    return new ArtifactHandle({ kind: 'ArtifactFallback', artifact: this.source.artifact, first: this.source, second: other.source });
  }
  /** See value.ts. */
  [Symbol.toPrimitive](): never {
    throw new PipewrightError({
      code: 'PW110',
      message: `${describeSource(this.source)} is an artifact: it has a path only inside the step that reads it.`,
      fix: 'Give it to an input of a step.',
      location: captureLocation(),
    });
  }
}

export function makeArtifact<K>(source: ArtifactSource): Artifact<K> {
  return new ArtifactHandle(source) as unknown as Artifact<K>;
}

export function isArtifact(candidate: unknown): candidate is Artifact<unknown> {
  return candidate instanceof ArtifactHandle;
}

export function collect(artifact: Artifact<unknown>, loop: string): Artifact<unknown> {
  const { source } = artifact;
  return makeArtifact({ kind: 'ArtifactCollection', artifact: source.artifact, loop, of: source });
}
