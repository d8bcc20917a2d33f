import type { Resources } from '../contract/index.ts';
import type { Issue } from '../errors/index.ts';
import type { Node, Retry } from '../ir/index.ts';
import type { Rule } from './rule.ts';

// Kubernetes' quantities, resource.Quantity: a decimal number with an optional suffix.
const QUANTITY = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/;

/** Numbers that tune a run are in their ranges. */
export const settings: Rule = function* ({ pipeline, nodes }) {
  if (!isDuration(pipeline.timeoutSeconds)) yield wrong('The pipeline', 'timeout', pipeline.timeoutSeconds, 'Write a number and a unit: \'90s\', \'15m\', \'2h\'.', pipeline.location);
  if (pipeline.parallelism !== undefined && !isCount(pipeline.parallelism, 1)) yield wrong('The pipeline', 'parallelism', pipeline.parallelism, 'Use a whole number from 1.', pipeline.location);
  for (const [name, { resources }] of Object.entries(pipeline.steps)) yield* ofResources(`Step "${name}"`, resources, undefined);
  for (const node of nodes) yield* ofNode(node);
};

function* ofNode(node: Node): Iterable<Issue> {
  if (node.kind === 'ForEach' && node.parallelism !== undefined && !isCount(node.parallelism, 1)) {
    yield wrong(`The loop "${node.id}"`, 'parallelism', node.parallelism, 'Use a whole number from 1.', node.location);
  }
  if (node.kind !== 'Task') return;
  const who = `Task "${node.id}"`;
  if (node.timeoutSeconds !== undefined && !isDuration(node.timeoutSeconds)) yield wrong(who, 'timeout', node.timeoutSeconds, 'Write a number and a unit: \'90s\', \'15m\', \'2h\'.', node.location);
  if (node.retry) yield* ofRetry(who, node.retry, node.location);
  if (node.resources) yield* ofResources(who, node.resources, node.location);
}

function* ofRetry(who: string, { limit, backoff }: Retry, location: Issue['location']): Iterable<Issue> {
  if (!isCount(limit, 0)) yield wrong(who, 'retry limit', limit, 'Use a whole number from 0.', location);
  if (!backoff) return;
  if (!isDuration(backoff.seconds)) yield wrong(who, 'wait before a retry', backoff.seconds, 'Write a number and a unit: \'5s\', \'1m\'.', location);
  if (!(backoff.factor >= 1 && backoff.factor <= 100)) yield wrong(who, 'factor of the wait', backoff.factor, 'Use a number from 1 to 100.', location);
  if (backoff.maximumSeconds !== undefined && !isDuration(backoff.maximumSeconds)) yield wrong(who, 'longest wait', backoff.maximumSeconds, 'Write a number and a unit: \'1m\'.', location);
}

function* ofResources(who: string, resources: Resources, location: Issue['location']): Iterable<Issue> {
  for (const [name, quantity] of Object.entries({ cpu: resources.cpu, memory: resources.memory, 'limit of cpu': resources.limits?.cpu, 'limit of memory': resources.limits?.memory })) {
    if (quantity !== undefined && !QUANTITY.test(quantity)) yield wrong(who, name, quantity, 'Write a Kubernetes quantity: \'500m\', \'2\', \'512Mi\'.', location);
  }
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

function isDuration(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds > 0;
}

function wrong(who: string, what: string, value: unknown, fix: string, location: Issue['location']): Issue {
  const shown = typeof value === 'number' && Number.isNaN(value) ? 'not a duration' : `${JSON.stringify(value)}, which is not possible`;
  return { code: 'PW112', message: `${who}: the ${what} is ${shown}.`, fix, location };
}
