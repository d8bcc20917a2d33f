import { scopesOf, siblingDependencies, sortScope, type Node } from '../ir/index.ts';
import type { Rule } from './rule.ts';

/** Nothing waits for itself. */
export const cycles: Rule = function* ({ pipeline, places }) {
  const edges = siblingDependencies(pipeline, places);
  const visit = function* (scope: readonly Node[]): ReturnType<Rule> {
    const sorted = sortScope(scope, edges);
    if ('cycle' in sorted) {
      yield {
        code: 'PW109', message: `These wait for one another: ${sorted.cycle.join(' → ')}.`, fix: 'Take out one of the references or one `after`.',
        location: places.get(sorted.cycle[0]!)?.node.location,
      };
    }
    for (const node of scope) for (const inner of scopesOf(node)) yield* visit(inner);
  };
  yield* visit(pipeline.body);
  yield* visit(pipeline.onExit);
};
