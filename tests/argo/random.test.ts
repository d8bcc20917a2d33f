import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compileToArgo, emit, findBrokenReferences, isDag, type ArgoDocuments } from '../../dsl/argo/index.ts';
import { PipewrightError } from '../../dsl/errors/index.ts';
import { randomPipeline } from './random-pipeline.ts';
import { stringsIn, templatesOf } from './support.ts';

const choices = fc.array(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: 300 });

/** A mistake in a reference would be found by the compiler itself, which throws then. */
function compileOrRefuse(decisions: readonly number[], limits: { tasks?: number; templates?: number }): ArgoDocuments | undefined {
  const graph = randomPipeline(decisions);
  try {
    return compileToArgo(graph, { limits });
  } catch (error) {
    if (error instanceof PipewrightError && error.code === 'PW202') return undefined;
    throw error;
  }
}

describe('any pipeline', () => {
  it('compiles to objects that refer to what exists, twice to the same ones, and prints as it is', () => {
    fc.assert(fc.property(choices, (decisions) => {
      const documents = compileOrRefuse(decisions, {})!;
      expect(findBrokenReferences(documents.workflowTemplates)).toEqual([]);
      expect(compileOrRefuse(decisions, {})).toEqual(documents);
      const objects = [...documents.workflowTemplates, documents.workflow];
      expect(parseAllDocuments(emit(documents, 'test'), { version: '1.1' }).map((document) => document.toJS() as unknown)).toEqual(objects);
    }), { numRuns: 60 });
  });

  it('keeps to the limits, also where they are narrow', () => {
    fc.assert(fc.property(choices, fc.integer({ min: 4, max: 9 }), fc.integer({ min: 3, max: 9 }), (decisions, tasks, templates) => {
      const documents = compileOrRefuse(decisions, { tasks, templates });
      fc.pre(documents !== undefined);
      for (const { spec } of documents.workflowTemplates) expect(spec.templates.length).toBeLessThanOrEqual(templates);
      for (const template of templatesOf(documents)) if (isDag(template)) expect(template.dag.tasks.length).toBeLessThanOrEqual(tasks);
    }), { numRuns: 60 });
  });

  it('has no pod without a command, no path of this machine and no name that a pod could not have', () => {
    fc.assert(fc.property(choices, (decisions) => {
      const documents = compileOrRefuse(decisions, {})!;
      for (const template of templatesOf(documents)) {
        expect(template.name).toMatch(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);
        if ('container' in template) expect(template.container.command).toHaveLength(1);
      }
      for (const text of stringsIn(documents)) expect(text).not.toContain(process.cwd());
    }), { numRuns: 30 });
  });
});
