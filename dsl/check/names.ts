import type { Issue } from '../errors/index.ts';
import { isPortName, PORT_NAME_RULE } from './port-name.ts';
import type { Rule } from './rule.ts';

// Kubernetes: DNS-1123 labels have at most 63 characters. Argo appends to names (a generated suffix, a template's name
// and a hash for pods), and a CronWorkflow may have 52 only.
const LABEL = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_PIPELINE = 52;
const LONGEST_NODE = 63;

/** Names work as they are in Argo and Kubernetes, so that nobody has to look for a mangled one. */
export const names: Rule = function* ({ pipeline, nodes, usedAt }) {
  const label = (what: string, name: string, longest: number, location: Issue['location']): Issue | undefined => {
    const fix = 'Use lower-case letters, digits and hyphens, beginning with a letter.';
    if (!LABEL.test(name)) return { code: 'PW101', message: `The ${what} name ${JSON.stringify(name)} is not valid.`, fix, location };
    if (name.length > longest) return { code: 'PW101', message: `The ${what} name "${name}" has ${name.length} characters.`, fix: `Use at most ${longest}.`, location };
    return undefined;
  };
  const found = [
    label('pipeline', pipeline.name, LONGEST_PIPELINE, pipeline.location),
    ...nodes.map((node) => label(node.kind === 'Task' ? 'task' : 'group', node.id, LONGEST_NODE, node.location)),
    ...Object.values(pipeline.steps).map((step) => label('step', step.name, LONGEST_NODE, usedAt.get(step.name))),
  ];
  for (const issue of found) if (issue) yield issue;

  for (const parameter of Object.keys(pipeline.parameters)) {
    if (!isPortName(parameter)) {
      yield {
        code: 'PW101', message: `The parameter name ${JSON.stringify(parameter)} is not valid.`,
        fix: PORT_NAME_RULE, location: pipeline.location,
      };
    }
  }
  const seen = new Set<string>();
  for (const node of nodes) {
    if (seen.has(node.id)) {
      yield { code: 'PW102', message: `Two nodes are called "${node.id}".`, fix: `Give one of them another name: { name: '${node.id}-2' }.`, location: node.location };
    }
    seen.add(node.id);
  }
};
