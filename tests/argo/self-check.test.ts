import { describe, expect, it } from 'vitest';
import { findBrokenReferences, type WorkflowTemplate } from '../../dsl/argo/index.ts';
import { compileCorpus } from './support.ts';

/** The objects of a pipeline with one text replaced by another, or one change applied: what a mistake of the compiler would make. */
function broken(change: (text: string) => string): readonly string[] {
  const { workflowTemplates } = compileCorpus('when-in-when');
  const text = JSON.stringify(workflowTemplates);
  const changed = change(text);
  expect(changed).not.toBe(text);
  return findBrokenReferences(JSON.parse(changed) as WorkflowTemplate[]);
}

describe('the self-check', () => {
  it('has nothing against what the compiler makes', () => {
    expect(findBrokenReferences(compileCorpus('when-in-when').workflowTemplates)).toEqual([]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['an expression that reads a task without depending on it', (text) => text.replace('"depends":"when-n-1"', '"depends":"instead"'), /reads when-n-1 without depending on it/],
    ['a dependency that is not there', (text) => text.replace('"depends":"near"', '"depends":"nearby"'), /depends on nearby/],
    ['an output that is not there', (text) => text.replaceAll('tasks.near.outputs.parameters.text', 'tasks.near.outputs.parameters.test'), /near has no output test/],
    ['an output in an expression that is not there', (text) => text.replaceAll('outputs.parameters[\\"near_text\\"]', 'outputs.parameters[\\"near_test\\"]'), /when-n-1 has no output near_test/],
    ['an input that is not declared', (text) => text.replace('{{=inputs.parameters[\\"text\\"]}}', '{{=inputs.parameters[\\"txt\\"]}}'), /reads an input that is not declared/],
    ['an argument that nobody takes', (text) => text.replace('[{"name":"text","value":"near"}]', '[{"name":"text","value":"near"},{"name":"more","value":"1"}]'), /gives more, which say does not take/],
    ['an argument that is missing', (text) => text.replace('"arguments":{"parameters":[{"name":"text","value":"near"}]}', '"arguments":{}'), /does not give text to say/],
    ['a template that does not exist', (text) => text.replace('"template":"say"', '"template":"sya"'), /has no template/],
    ['a tag that nobody meant', (text) => text.replace('"value":"near"', '"value":"{{near}}"'), /has a tag that is not known/],
    ['braces without an end', (text) => text.replace('"value":"near"', '"value":"{{near"'), /has braces that are not a tag/],
    ['a task of another DAG in an output', (text) => text.replace('{"parameter":"{{tasks.near.outputs.parameters.text}}"', '{"parameter":"{{tasks.told.outputs.parameters.text}}"'), /reads a task that is not in the DAG/],
    ['two tasks with one name', (text) => text.replace('{"name":"instead","template"', '{"name":"read","template"'), /two tasks have the same name/],
  ])('finds %s', (_, change, problem) => {
    expect(broken(change).join('\n')).toMatch(problem);
  });
});
