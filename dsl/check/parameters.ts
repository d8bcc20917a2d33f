import { checkValue } from '../contract/index.ts';
import type { Rule } from './rule.ts';

/** The pipeline's own parameters make sense, and there is something to run. */
export const parameters: Rule = function* ({ pipeline, nodes }) {
  if (pipeline.body.length === 0) {
    yield { code: 'PW114', message: `The pipeline "${pipeline.name}" has no tasks.`, fix: 'Add one: task(step, { … }).', location: pipeline.location };
  }
  for (const node of nodes) {
    const empty = node.kind === 'When' ? node.then.length === 0 && node.otherwise.length === 0 : node.kind === 'ForEach' && node.body.length === 0;
    if (empty) yield { code: 'PW114', message: `The group "${node.id}" has no tasks.`, fix: 'Add one with the task that its callback is given, or take the group out.', location: node.location };
  }
  for (const [name, { type, default: fallback }] of Object.entries(pipeline.parameters)) {
    const reason = fallback === undefined ? undefined : checkValue(type, fallback);
    if (reason !== undefined) yield { code: 'PW106', message: `The default of the parameter "${name}" ${reason}.`, fix: 'Change the default or the type.', location: pipeline.location };
  }
};
