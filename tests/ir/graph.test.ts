import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifact, defineContainerStep, pipeline, t } from '../../dsl/index.ts';
import { indexNodes, siblingDependencies, sortScope, type Node } from '../../dsl/ir/index.ts';

const make = defineContainerStep({ name: 'make', image: 'alpine:3.22', outputs: { file: artifact.file() }, results: { n: t.integer() }, command: ({ output, result }) => ['x', output('file'), result('n')] });
const use = defineContainerStep({ name: 'use', image: 'alpine:3.22', parameters: { n: t.integer() }, command: ({ parameter }) => ['x', parameter('n')], results: {} });

function edgesOf(graph: ReturnType<typeof pipeline>): Record<string, string[]> {
  return Object.fromEntries([...siblingDependencies(graph)].map(([id, targets]) => [id, [...targets].sort()]));
}

describe('dependencies', () => {
  it('follow from every reference, lifted to the siblings that must wait', () => {
    const graph = pipeline('p', {}, ({ task, when, forEach }) => {
      const a = task(make, {}, { name: 'a' });
      const b = task(make, {}, { name: 'b' });
      const inside = when(a.n.greaterThan(1), ({ forEach }) => {
        forEach([1, 2], (item, { task }) => { task(use, { n: b.n.plus(item) }, { name: 'deep' }); }, { name: 'loop' });
      }, { name: 'guard' });
      const list = forEach([1], (_, { task }) => task(make, {}, { name: 'c', after: [a] }), { name: 'loop2', after: [inside] });
      task(use, { n: 1 }, { name: 'last', after: [list, b] });
    });
    expect(edgesOf(graph)).toEqual({ a: [], b: [], guard: ['a', 'b'], loop: [], deep: [], loop2: ['a', 'guard'], c: [], last: ['b', 'loop2'] });
  });

  it('give every node its place', () => {
    const graph = pipeline('p', {}, ({ task, when, onExit }) => {
      const a = task(make, {}, { name: 'a' });
      when(a.n.equals(1), ({ task }) => { task(make, {}, { name: 'yes' }); }, { name: 'w', otherwise: ({ task }) => { task(make, {}, { name: 'no' }); } });
      onExit(({ task }) => { task(make, {}, { name: 'end' }); });
    });
    const places = indexNodes(graph);
    expect([...places].map(([id, { around, branch, root }]) => [id, around.map((group) => group.id), branch, root])).toEqual([
      ['a', [], 0, 'body'], ['w', [], 0, 'body'], ['yes', ['w'], 0, 'body'], ['no', ['w'], 1, 'body'], ['end', [], 0, 'onExit'],
    ]);
  });
});

const node = (id: string): Node => ({ kind: 'Task', id, step: 's', parameters: {}, inputs: {}, after: [], cache: true });

describe('sortScope', () => {
  it('puts everything behind what it waits for', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), { minLength: 1, maxLength: 30 }), (wishes) => {
      const scope = wishes.map((_, index) => node(`n${index}`));
      const edges = new Map(wishes.map((targets, index) => [`n${index}`, new Set(targets.filter((target) => target < index).map((target) => `n${target}`))]));
      const shuffled = [...scope].reverse();
      const sorted = sortScope(shuffled, edges);
      if ('cycle' in sorted) throw new Error('no cycle was put in');
      const position = new Map(sorted.order.map(({ id }, index) => [id, index]));
      expect(position.size).toBe(scope.length);
      for (const [id, targets] of edges) for (const target of targets) expect(position.get(target)).toBeLessThan(position.get(id)!);
    }));
  });

  it('shows a cycle from end to end', () => {
    const sorted = sortScope([node('a'), node('b'), node('c')], new Map([['a', new Set(['b'])], ['b', new Set(['c'])], ['c', new Set(['b'])]]));
    expect(sorted).toEqual({ cycle: ['b', 'c', 'b'] });
  });

  it('does not overflow on a long chain', () => {
    const scope = Array.from({ length: 50_000 }, (_, index) => node(`n${index}`));
    const edges = new Map(scope.map(({ id }, index) => [id, new Set(index + 1 < scope.length ? [`n${index + 1}`] : [])]));
    expect(sortScope(scope, edges)).toMatchObject({ order: { length: 50_000 } });
  });
});
