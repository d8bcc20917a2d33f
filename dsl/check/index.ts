import { PipewrightError, type Issue, type SourceLocation } from '../errors/index.ts';
import { indexNodes, scopesOf, type CheckedPipeline, type Node, type Pipeline } from '../ir/index.ts';
import { taskArguments } from './arguments.ts';
import { contracts } from './contracts.ts';
import { cycles } from './cycles.ts';
import { expressions } from './expressions.ts';
import { names } from './names.ts';
import { parameters } from './parameters.ts';
import { references } from './references.ts';
import type { Rule } from './rule.ts';
import { schedule } from './schedule.ts';
import { settings } from './settings.ts';

const RULES: readonly Rule[] = [parameters, names, contracts, taskArguments, references, expressions, settings, schedule, cycles];

export type CheckResult = { readonly ok: true; readonly pipeline: CheckedPipeline } | { readonly ok: false; readonly issues: readonly Issue[] };

/** Finds everything that `tsc` cannot see, all at once, in the order of the author's file. The only way to a CheckedPipeline. */
export function check(pipeline: Pipeline): CheckResult {
  const nodes: Node[] = [];
  const visit = (scope: readonly Node[]): void => {
    for (const node of scope) {
      nodes.push(node);
      for (const inner of scopesOf(node)) visit(inner);
    }
  };
  visit(pipeline.body);
  visit(pipeline.onExit);
  const usedAt = new Map<string, SourceLocation | undefined>();
  for (const node of nodes) if (node.kind === 'Task' && !usedAt.has(node.step)) usedAt.set(node.step, node.location);
  const context = { pipeline, nodes, places: indexNodes(pipeline), usedAt };
  const issues = RULES.flatMap((rule) => [...rule(context)]);
  if (issues.length === 0) return { ok: true, pipeline: pipeline as CheckedPipeline };
  return { ok: false, issues: issues.sort(byPlace) };
}

/** `check` for callers that cannot go on: throws all issues in one PipewrightError. */
export function demandChecked(pipeline: Pipeline): CheckedPipeline {
  const result = check(pipeline);
  if (!result.ok) throw new PipewrightError(result.issues);
  return result.pipeline;
}

function byPlace({ location: a }: Issue, { location: b }: Issue): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}
