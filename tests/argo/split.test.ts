import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { split, type Part } from '../../dsl/argo/split.ts';
import { compileToArgo, isDag } from '../../dsl/argo/index.ts';
import type { Node } from '../../dsl/ir/index.ts';
import { say } from './corpus.ts';
import { issueOf, templatesOf } from './support.ts';

type Edges = ReadonlyMap<string, ReadonlySet<string>>;
type Unit = Node | Part;

function graphOf(edges: Record<string, readonly string[]>): { nodes: Node[]; edges: Edges } {
  const nodes: Node[] = Object.keys(edges).map((id) => ({ kind: 'Task', id, step: 'say', parameters: {}, inputs: {}, after: [], cache: true }));
  return { nodes, edges: new Map(Object.entries(edges).map(([id, before]) => [id, new Set(before)])) };
}

const idsIn = (unit: Unit): string[] => (unit.kind === 'Part' ? unit.units.flatMap(idsIn) : [unit.id]);

function ancestorsOf(edges: Edges): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>();
  const visit = (id: string): Set<string> => {
    const found = known.get(id) ?? new Set<string>();
    if (!known.has(id)) {
      known.set(id, found);
      for (const before of edges.get(id)!) {
        found.add(before);
        for (const ancestor of visit(before)) found.add(ancestor);
      }
    }
    return found;
  };
  for (const id of edges.keys()) visit(id);
  return known;
}

/** A part waits for all that any of its nodes waits for, and holds up all that waits for any: neither may be new. */
function expectSameMeaning(units: readonly Unit[], edges: Edges): void {
  const ancestors = ancestorsOf(edges);
  const visit = (unit: Unit): void => {
    if (unit.kind !== 'Part') return;
    const members = new Set(idsIn(unit));
    const waitsFor = new Set([...members].flatMap((id) => [...edges.get(id)!]).filter((id) => !members.has(id)));
    const waiters = [...edges].filter(([id, before]) => !members.has(id) && [...before].some((one) => members.has(one))).map(([id]) => id);
    for (const member of members) for (const awaited of waitsFor) expect(ancestors.get(member), `${member} waits for ${awaited}`).toContain(awaited);
    for (const waiter of waiters) for (const member of members) expect(ancestors.get(waiter), `${waiter} waits for ${member}`).toContain(member);
    unit.units.forEach(visit);
  };
  units.forEach(visit);
}

function expectToFit(units: readonly Unit[], limit: number): void {
  expect(units.length).toBeLessThanOrEqual(limit);
  for (const unit of units) if (unit.kind === 'Part') expectToFit(unit.units, limit);
}

describe('dividing what one DAG cannot hold', () => {
  it('leaves alone what fits', () => {
    const { nodes, edges } = graphOf({ a: [], b: ['a'], c: ['a'] });
    expect(split(nodes, edges, 3, 'main')).toBe(nodes);
  });

  it.each([
    ['a chain', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, i === 0 ? [] : [`n${i - 1}`]]))],
    ['a fan-out with a fan-in', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, i === 0 ? [] : i === size - 1 ? Array.from({ length: size - 2 }, (__, j) => `n${j + 1}`) : ['n0']]))],
    ['independent nodes', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, []]))],
    ['layers of four', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, i < 4 ? [] : [0, 1, 2, 3].map((j) => `n${i - (i % 4) - 4 + j}`)]))],
    // n0 → n1 → n3, n0 → n2, n1 and n2 → n4: no chain and no twins inside.
    ['independent knots', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, [[], [i - 1], [i - 2], [i - 2], [i - 3, i - 2]][i % 5]!.map((j) => `n${j}`)]))],
    ['knots one after the other', (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`n${i}`, [i < 5 ? [] : [i - 1, i - 2], [i - 1], [i - 2], [i - 2], [i - 3, i - 2]][i % 5]!.map((j) => `n${j}`)]))],
  ])('takes %s apart without a change of meaning', (_, make) => {
    for (const [size, limit] of [[60, 10], [200, 7], [1000, 200], [900, 12]] as const) {
      const { nodes, edges } = graphOf(make(size));
      const units = split(nodes, edges, limit, 'main');
      expectToFit(units, limit);
      expectSameMeaning(units, edges);
      expect(units.flatMap(idsIn).sort()).toEqual(nodes.map(({ id }) => id).sort());
    }
  });

  it('does so for any graph, or refuses it', () => {
    const graphs = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 2, maxLength: 24 }).map((rows) =>
      graphOf(Object.fromEntries(rows.map((row, index) => [`n${index}`, index === 0 ? [] : [...new Set(row.map((choice) => `n${choice % index}`))]]))));
    fc.assert(fc.property(graphs, fc.integer({ min: 2, max: 8 }), ({ nodes, edges }, limit) => {
      let units: readonly Unit[];
      try {
        units = split(nodes, edges, limit, 'main');
      } catch (error) {
        expect(error).toMatchObject({ code: 'PW202' });
        return;
      }
      expectToFit(units, limit);
      expectSameMeaning(units, edges);
      expect(units.flatMap(idsIn).sort()).toEqual(nodes.map(({ id }) => id).sort());
    }), { numRuns: 500 });
  });

  it('refuses with the figures what resists', () => {
    // A ladder: each rung waits for two of the rung before, so nothing can be put together.
    const { nodes, edges } = graphOf(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, [i - 1, i - 3].filter((j) => j >= 0).map((j) => `n${j}`)])));
    const issue = issueOf(() => split(nodes, edges, 5, 'main'));
    expect(issue).toMatchObject({ code: 'PW202' });
    expect(issue.message).toMatch(/The 12 nodes of "main" take 12 tasks\. One DAG of Argo has room for 5,/);
  });

  it('carries results across the parts', () => {
    const graph = demandChecked(pipeline('long', {}, ({ task }) => {
      const first = task(say, { text: 'start' }, { name: 'n0' });
      let last = first;
      for (let i = 1; i < 450; i++) last = task(say, { text: last.text }, { name: `n${i}` });
      task(say, { text: first.text }, { name: 'end', after: [last] });
    }));
    const documents = compileToArgo(graph);
    for (const template of templatesOf(documents)) if (isDag(template)) expect(template.dag.tasks.length).toBeLessThanOrEqual(200);
    const parts = templatesOf(documents).filter((template) => template.name.startsWith('main-part'));
    expect(parts.map(({ outputs }) => outputs?.parameters?.map(({ name }) => name))).toEqual([['n200_text'], ['n400_text']]);
  });

  it('puts templates that one object cannot hold into others', () => {
    const graph = demandChecked(pipeline('wide', {}, ({ task, when }) => {
      const { text } = task(say, { text: 'x' });
      for (let i = 0; i < 150; i++) {
        when(text.equals(`${i}`), ({ task }) => {
          const first = task(say, { text: `a${i}` }, { name: `first-${i}`, timeout: `${i + 1}s` });
          task(say, { text: first.text }, { name: `second-${i}` });
        });
      }
    }));
    const { workflowTemplates } = compileToArgo(graph);
    expect(workflowTemplates.map(({ metadata, spec }) => [metadata.name, spec.templates.length])).toEqual([['wide', 200], ['wide-part-2', 102]]);
    expect(workflowTemplates[0].spec.entrypoint).toBe('main');
    expect(workflowTemplates[1]!.spec.entrypoint).toBeUndefined();
    expect(JSON.stringify(workflowTemplates[0])).toContain('"templateRef":{"name":"wide-part-2"');
  });
});
