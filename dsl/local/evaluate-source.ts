import { PipewrightError } from '../errors/index.ts';
import { describeSource, type ArtifactSource } from '../ir/index.ts';
import { unreachable } from '../util/index.ts';
import type { ArtifactReference } from '../../store/index.ts';
import { ABSENT, type Absent } from './evaluate.ts';
import type { Values } from './values.ts';

/** The artifact, or for a collection the artifacts in the order of the items, that a source stands for. The mirror of `evaluate`. */
export function evaluateSource(source: ArtifactSource, values: Values, at: readonly number[]): ArtifactReference | readonly ArtifactReference[] | Absent {
  switch (source.kind) {
    case 'OutputReference':
      return values.producedBy(source.task, at)?.outputs[source.output] ?? ABSENT;
    case 'ArtifactCollection': {
      const items = values.itemsOf(source.loop, at);
      if (items === undefined) return ABSENT;
      const outer = at.slice(0, values.depthOf(source.loop));
      return items.map((_item, index) => single(evaluateSource(source.of, values, [...outer, index]), source));
    }
    case 'ArtifactFallback': {
      const first = evaluateSource(source.first, values, at);
      return first === ABSENT ? evaluateSource(source.second, values, at) : first;
    }
    case 'ArtifactJoin': {
      const branch = values.branchOf(source.when, at);
      return branch === undefined ? ABSENT : evaluateSource(source[branch], values, at);
    }
    default:
      return unreachable(source);
  }
}

function single(found: ArtifactReference | readonly ArtifactReference[] | Absent, source: ArtifactSource): ArtifactReference {
  if (found !== ABSENT && !isList(found)) return found;
  throw new PipewrightError({
    code: 'PW108',
    message: `The collection "${describeSource(source)}" ${found === ABSENT ? 'lacks an item, because its task was skipped' : 'is made of collections'}.`,
    fix: found === ABSENT ? 'Give the artifact a fallback with .orElse(…) inside the loop.' : 'Join the inner collection into one artifact with a step inside the loop.',
  });
}

function isList(found: ArtifactReference | readonly ArtifactReference[]): found is readonly ArtifactReference[] {
  return Array.isArray(found);
}
