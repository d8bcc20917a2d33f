import { describe, expect, it } from 'vitest';
import { compileToArgo, LIMITS } from '../../dsl/argo/index.ts';
import { pipeline } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, defineContainerStep, defineStep, t } from '../../dsl/contract/index.ts';
import type { Pipeline } from '../../dsl/ir/index.ts';
import { count, say, show } from './corpus.ts';
import { issueOf } from './support.ts';

type Deep = { readonly in: Deep };

const refusalOf = (graph: Pipeline) => issueOf(() => compileToArgo(demandChecked(graph)));

describe('what Argo has no room for', () => {
  it('a pipeline of a mebibyte is refused, with the figures', () => {
    const issue = refusalOf(pipeline('large', {}, ({ task }) => {
      for (let i = 0; i < 1100; i++) task(say, { text: 'x'.repeat(1000) }, { name: `n${i}` });
    }));
    expect(issue.code).toBe('PW202');
    expect(issue.message).toMatch(/The pipeline takes 1,\d{3},\d{3} bytes .* may have 1,048,576/);
    expect(issue.fix).toContain('forEach');
  });

  it('a larger one passes where the cluster takes it', () => {
    const graph = demandChecked(pipeline('large', {}, ({ task }) => {
      for (let i = 0; i < 1100; i++) task(say, { text: 'x'.repeat(1000) }, { name: `n${i}` });
    }));
    expect(compileToArgo(graph, { limits: { bytes: 2 * LIMITS.bytes } }).workflowTemplates).toHaveLength(1);
  });

  it('so is a group that takes too many values', () => {
    const issue = refusalOf(pipeline('many-values', {}, ({ task, when }) => {
      const made = Array.from({ length: 501 }, (_, i) => task(say, { text: 'x' }, { name: `n${i}` }));
      when(task(count, { n: 1 }).isBig, ({ task }) => { for (const [i, { text }] of made.entries()) task(say, { text }, { name: `m${i}` }); });
    }));
    expect(issue).toMatchObject({ code: 'PW202', message: expect.stringMatching(/takes \d+ parameters; Argo allows 500/) });
  });
});

describe('a command line', () => {
  it('that Argo would hand on in a file is refused', () => {
    const step = (length: number) => defineContainerStep({ name: 'long', image: 'i', command: () => ['sh', '-c', 'x'.repeat(length)] });
    expect(refusalOf(pipeline('p', {}, ({ task }) => { task(step(140_000), {}); }))).toMatchObject({ code: 'PW202', message: expect.stringMatching(/The command line of "long" has 140,\d{3} bytes/) });
    expect(compileToArgo(demandChecked(pipeline('p', {}, ({ task }) => { task(step(120_000), {}); }))).workflowTemplates).toHaveLength(1);
  });
});

describe('what Argo cannot express', () => {
  it('pauses between retries that do not grow by a whole factor', () => {
    const issue = refusalOf(pipeline('pauses', {}, ({ task }) => { task(say, { text: 'x' }, { retry: { limit: 2, wait: '1s', factor: 1.5 } }); }));
    expect(issue).toMatchObject({ code: 'PW201', message: expect.stringContaining('1.5 times as long'), fix: 'Use 2.' });
    expect(issue.location?.file).toMatch(/limits\.test\.ts$/);
  });

  it('a path into JSON that is deeper than eight members', () => {
    const path = (depth: number): Pipeline => pipeline('deep-path', { params: { data: t.json<Deep>() } }, ({ params, task }) => {
      let value = params.data;
      for (let i = 0; i < depth; i++) value = value.get('in');
      task(count, { n: value as never });
    });
    expect(refusalOf(path(9))).toMatchObject({ code: 'PW201', message: 'The path .in.in.in.in.in.in.in.in.in goes 9 members deep into JSON. On Argo each one doubles the expression, so at most 8 are taken.' });
    const { workflowTemplates } = compileToArgo(demandChecked(path(8)));
    expect(JSON.stringify(workflowTemplates).length).toBeLessThan(60_000);
  });

  it('an exit handler whose steps have to wait for a place', () => {
    const wide = pipeline('wide', { parallelism: 2 }, ({ task, onExit }) => {
      task(say, { text: 'x' });
      onExit(({ task }) => { for (const text of ['a', 'b', 'c']) task(say, { text }); });
    });
    expect(refusalOf(wide)).toMatchObject({ code: 'PW201', message: expect.stringContaining('might run 3 steps at once, but the pipeline allows 2') });

    const deep = pipeline('deep', { parallelism: 2 }, ({ task, onExit }) => {
      task(say, { text: 'x' });
      onExit(({ task, status, when }) => {
        const first = task(say, { text: 'a' });
        const second = task(say, { text: first.text });
        when(status.equals('Failed'), ({ task }) => { task(say, { text: 'b' }); }, { otherwise: ({ task }) => { task(say, { text: 'c' }); } });
        task(say, { text: second.text });
      });
    });
    expect(compileToArgo(demandChecked(deep)).workflowTemplates).toHaveLength(1);

    const loop = pipeline('loop', {}, ({ task, onExit }) => {
      task(say, { text: 'x' });
      onExit(({ forEach }) => { forEach(['a', 'b', 'c'], (text, { task }) => { task(say, { text }); }, { parallelism: 2 }); });
    });
    expect(refusalOf(loop)).toMatchObject({ code: 'PW201', message: expect.stringContaining('has 3 items, but runs 2 at once') });

    const unknown = pipeline('unknown', { parallelism: 50 }, ({ task, onExit }) => {
      task(say, { text: 'x' });
      onExit(({ task, forEach }) => { forEach(task(count, { n: 1 }).list, (value, { task }) => { task(show, { value }); }); });
    });
    expect(refusalOf(unknown).message).toContain('any number of steps at once');
  });
});

describe('names of outputs', () => {
  it('may be what Argo calls its own things', () => {
    const step = defineStep({ name: 'main', outputs: { result: artifact.file(), ran: artifact.file() } });
    const user = defineStep({ name: 'on-exit', inputs: { file: artifact.file() } });
    const graph = demandChecked(pipeline('names', {}, ({ task }) => { task(user, { file: task(step, {}, { name: 'nothing' }).result }, { name: 'pick-artifact' }); }));
    const [{ spec }] = compileToArgo(graph).workflowTemplates;
    expect(spec.templates.map(({ name }) => name)).toEqual(['main', 'nothing', 'on-exit']);
  });
});
