import { describe, expect, it } from 'vitest';
import { artifact, check, defineContainerStep, format, pipeline, PipewrightError, t } from '../../dsl/index.ts';

const make = defineContainerStep({
  name: 'make', image: 'alpine:3.22', parameters: { n: t.integer({ default: 1 }) }, outputs: { file: artifact.file() }, results: { n: t.integer() },
  command: ({ parameter, output, result }) => ['x', parameter('n'), output('file'), result('n')],
});
const say = defineContainerStep({ name: 'say', image: 'alpine:3.22', parameters: { text: t.string() }, command: ({ parameter }) => ['echo', parameter('text')] });

describe('the builder', () => {
  it('makes frozen, JSON-serialisable data', () => {
    const graph = pipeline('p', { params: { n: t.integer({ default: 3 }) } }, ({ params, task }) => {
      task(make, { n: params.n.times(2) });
    });
    expect(Object.isFrozen(graph)).toBe(true);
    expect(Object.isFrozen(graph.body[0])).toBe(true);
    expect(() => { (graph.body as unknown[]).push(1); }).toThrow(TypeError);
    const copy = JSON.parse(JSON.stringify(graph)) as typeof graph;
    expect(copy.body[0]).toMatchObject({ kind: 'Task', id: 'make', parameters: { n: { kind: 'Arithmetic', type: { kind: 'integer' } } } });
    expect(check(copy)).toMatchObject({ ok: true });
  });

  it('writes defaults down, so that both backends run with the same ones', () => {
    const graph = pipeline('p', {}, ({ task }) => { task(make, {}); });
    expect(graph.body[0]).toMatchObject({ parameters: { n: { kind: 'Literal', value: 1 } } });
  });

  it('numbers names that nobody chose', () => {
    const graph = pipeline('p', {}, ({ task, forEach }) => {
      task(make, {});
      task(make, {});
      forEach([1], (_, { task }) => { task(make, {}); });
    });
    expect(graph.body.map(({ id }) => id)).toEqual(['make', 'make-2', 'for-each']);
  });

  it('names a condition after what it says', () => {
    const graph = pipeline('p', {}, ({ task, when }) => {
      const { n } = task(make, {});
      when(n.greaterThan(3).and(n.notEquals(7)), ({ task }) => { task(make, {}); });
      when(n.equals(4), ({ task }) => { task(make, {}); });
    });
    expect(graph.body.map(({ id }) => id)).toEqual(['make', 'when-make-n-3-and-make-n-is-not-7', 'when-make-n-is-4']);
  });

  it('types a calculation: whole numbers stay whole but for a division', () => {
    const graph = pipeline('p', { params: { n: t.integer(), x: t.number() } }, ({ params, task }) => {
      task(say, { text: format`${params.n.plus(1)} ${params.n.dividedBy(2)} ${params.n.times(params.x)} ${true}` });
    });
    const parts = (graph.body[0] as unknown as { parameters: { text: { parts: unknown[] } } }).parameters.text.parts;
    expect(parts).toMatchObject([{ type: { kind: 'integer' } }, ' ', { type: { kind: 'number' } }, ' ', { type: { kind: 'number' } }, ' ', 'true']);
  });

  it('joins the two branches of a when', () => {
    const graph = pipeline('p', {}, ({ task, when }) => {
      const { n } = task(make, {});
      const either = when(n.equals(1), ({ task }) => task(make, {}, { name: 'a' }), { name: 'w', otherwise: ({ task }) => task(make, {}, { name: 'b' }) });
      task(make, { n: either.n }, { name: 'end' });
    });
    expect(graph.body.at(-1)).toMatchObject({ parameters: { n: { kind: 'Join', when: 'w', then: { task: 'a' }, otherwise: { task: 'b' } } } });
    expect(check(graph)).toMatchObject({ ok: true });
  });

  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof PipewrightError) return `${error.code} ${error.issues[0]!.message}`;
      throw error;
    }
    return 'nothing was thrown';
  };

  it('refuses the outer task inside a group, where it would not be guarded', () => {
    expect(codeOf(() => pipeline('p', {}, ({ task, when }) => {
      const { n } = task(make, {});
      when(n.equals(1), () => { task(make, {}); });
    }))).toBe('PW113 The outer task is used inside a when or forEach: the node would not belong to the group.');
  });

  it('refuses a task after the pipeline was described', () => {
    let late: (() => void) | undefined;
    pipeline('p', {}, ({ task }) => { task(make, {}); late = () => task(make, {}); });
    expect(codeOf(() => late!())).toBe('PW113 task is used after its scope was closed.');
  });

  it('refuses an async description', () => {
    expect(codeOf(() => pipeline('p', {}, (async () => undefined) as never))).toBe('PW113 A pipeline is described synchronously, but this function is async.');
  });

  it('refuses two different steps with one name', () => {
    const other = defineContainerStep({ name: 'make', image: 'busybox:1', command: () => ['x'] });
    expect(codeOf(() => pipeline('p', {}, ({ task }) => { task(make, {}); task(other, {}); }))).toBe('PW102 Two different steps are called "make".');
  });
});
