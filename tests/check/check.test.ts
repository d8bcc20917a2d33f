import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { artifact, check, defineContainerStep, pipeline, t, type Issue, type Pipeline } from '../../dsl/index.ts';

const here = fileURLToPath(import.meta.url);
const lines = readFileSync(here, 'utf8').split('\n');

/** Casts past `tsc`, as a JavaScript author or a cast would. */
const loose = (value: unknown): never => value as never;

const make = defineContainerStep({
  name: 'make', image: 'alpine:3.22', outputs: { file: artifact.file() }, results: { n: t.integer(), text: t.string() },
  command: ({ output, result }) => ['x', output('file'), result('n'), result('text')],
});
const use = defineContainerStep({
  name: 'use', image: 'alpine:3.22', parameters: { n: t.integer({ minimum: 0 }) }, inputs: { file: artifact.optional(artifact.file()) }, results: { n: t.integer() },
  command: ({ parameter, input, result }) => ['x', parameter('n'), input('file'), result('n')],
});
const bind = defineContainerStep({ name: 'bind', image: 'alpine:3.22', inputs: { files: artifact.many(artifact.file()), model: artifact.optional(artifact.model()) }, command: ({ input }) => ['x', input('files'), input('model')] });

function issuesOf(graph: Pipeline): readonly Issue[] {
  const result = check(graph);
  return result.ok ? [] : result.issues;
}

/** `code message` of each issue. */
function textsOf(graph: Pipeline): string[] {
  return issuesOf(graph).map(({ code, message }) => `${code} ${message}`);
}

describe('check', () => {
  it('accepts a sound pipeline and brands it', () => {
    const result = check(pipeline('fine', { params: { n: t.integer() } }, ({ params, task, when, forEach }) => {
      const a = task(make, {});
      const maybe = when(a.n.greaterThan(params.n), ({ task }) => task(use, { n: a.n, file: a.file }));
      const list = forEach([1, 2], (n, { task }) => ({ file: task(make, {}).file, n: task(use, { n }).n }));
      task(bind, { files: list.file });
      task(use, { n: maybe.n.orElse(3) }, { name: 'last', after: [list] });
    }));
    expect(result).toMatchObject({ ok: true });
  });

  it('points at the author\'s own line', () => {
    const [issue] = issuesOf(pipeline('where', {}, ({ task }) => {
      task(use, loose({ n: -1 })); // this very line
    }));
    expect(issue!.location!.file).toBe(here);
    expect(lines[issue!.location!.line - 1]).toContain('this very line');
  });

  it('reports everything at once, in the order of the file', () => {
    const texts = textsOf(pipeline('Everything', { params: { n: t.integer({ minimum: 5, default: 1 }) } }, ({ task }) => {
      task(use, loose({ n: 'x', m: 1 }), { name: 'one' });
      task(use, loose({}), { name: 'two', retry: { limit: -1 }, timeout: loose('5 minutes') });
    }));
    expect(texts).toEqual([
      'PW106 The default of the parameter "n" is 1, which is below its minimum 5.',
      'PW101 The pipeline name "Everything" is not valid.',
      'PW105 Task "one": step "use" has no parameter and no input called "m".',
      'PW106 Task "one": the value of "n" is "x", which is not an integer.',
      'PW104 Task "two": the parameter "n" (integer) is missing.',
      'PW112 Task "two": the timeout is not a duration.',
      'PW112 Task "two": the retry limit is -1, which is not possible.',
    ]);
  });

  it.each<[string, string, (scope: any) => void]>([
    ['a value of another type', 'PW106 Task "use": the value of "n" is make.text, which is string and not integer.', ({ task }) => { task(use, { n: task(make, {}).text }); }],
    ['an artifact for a parameter', 'PW106 Task "use": "n" is a parameter, but it is given an artifact.', ({ task }) => { task(use, { n: task(make, {}).file }); }],
    ['one artifact for a collection', 'PW107 Task "bind": the artifact given to "files", make.file, is one artifact, but a collection is wanted.', ({ task }) => { task(bind, { files: task(make, {}).file }); }],
    ['a file for a model', 'PW107 Task "bind": the artifact given to "model", make.file, is a file, but a model is wanted.', ({ task, forEach }) => {
      task(bind, { files: forEach([1], (_: unknown, s: any) => s.task(make, {}, { name: 'm' }).file), model: task(make, {}).file });
    }],
    ['a collection of something chosen', 'PW107 Task "bind" reads a collection of m.file or else first.file, which is not one task\'s own output.', ({ task, forEach }) => {
      const first = task(make, {}, { name: 'first' });
      task(bind, { files: forEach([1], (_: unknown, s: any) => s.when(first.n.equals(1), (w: any) => w.task(make, {}, { name: 'm' })).file.orElse(first.file)) });
    }],
    ['a value for an input', 'PW107 Task "bind": "files" is an input, but it is given a value.', ({ task }) => { task(bind, { files: 'pages' }); }],
    ['a missing input', 'PW104 Task "bind": the input "files" (file) is missing.', ({ task }) => { task(bind, {}); }],
    ['what is inside a loop, from outside', 'PW103 Task "use" reads "make.n", which is inside the loop "for-each".', ({ task, forEach }) => {
      let leak: any;
      forEach([1], (_: unknown, s: any) => { leak = s.task(make, {}); });
      task(use, { n: leak.n });
    }],
    ['what may be absent', 'PW108 Task "use" reads "make.n", which is absent when "guard" takes the other way.', ({ task, when }) => {
      let leak: any;
      const first = task(make, {}, { name: 'first' });
      when(first.n.equals(1), (s: any) => { leak = s.task(make, {}); }, { name: 'guard' });
      task(use, { n: leak.n });
    }],
    ['the other branch', 'PW103 Task "use" reads "make.n" from the other branch of "guard", which never runs together with this one.', ({ task, when }) => {
      let leak: any;
      const first = task(make, {}, { name: 'first' });
      when(first.n.equals(1), (s: any) => { leak = s.task(make, {}); }, { name: 'guard', otherwise: (s: any) => { s.task(use, { n: leak.n }); } });
    }],
    ['the item outside its loop', 'PW103 Task "use" reads the item of "for-each" outside that loop.', ({ task, forEach }) => {
      let leak: any;
      forEach([1], (item: any, s: any) => { leak = item; s.task(make, {}); });
      task(use, { n: leak });
    }],
    ['the body, from the exit handler', 'PW103 Task "use" reads "make.n" across the border between the pipeline and its exit handler.', ({ task, onExit }) => {
      const { n } = task(make, {});
      onExit((s: any) => { s.task(use, { n }); });
    }],
    ['an order of texts', 'PW110 make.text < "b" orders string and string.', ({ task, when }) => { when(task(make, {}).text.lessThan('b'), (s: any) => { s.task(make, {}); }, { name: 'w' }); }],
    ['a condition that is no boolean', 'PW110 The condition of "w" is make.n, which is integer.', ({ task, when }) => { when(task(make, {}).n, (s: any) => { s.task(make, {}); }, { name: 'w' }); }],
    ['texts and numbers compared', 'PW110 make.n == "1" compares integer with string, which are never equal.', ({ task, when }) => { when(task(make, {}).n.equals('1'), (s: any) => { s.task(make, {}); }, { name: 'w' }); }],
    ['a division by zero', 'PW110 make.n / 0 divides by zero.', ({ task, when }) => { when(task(make, {}).n.dividedBy(0).equals(1), (s: any) => { s.task(make, {}); }, { name: 'w' }); }],
    ['a loop over no list', 'PW110 The loop "l" goes over make.n, which is integer.', ({ task, forEach }) => { forEach(task(make, {}).n, (_: unknown, s: any) => { s.task(make, {}); }, { name: 'l' }); }],
    ['two nodes with one name', 'PW102 Two nodes are called "same".', ({ task }) => { task(make, {}, { name: 'same' }); task(make, {}, { name: 'same' }); }],
    ['a name that Kubernetes refuses', 'PW101 The task name "Train_1" is not valid.', ({ task }) => { task(make, {}, { name: 'Train_1' }); }],
    ['an empty group', 'PW114 The group "w" has no tasks.', ({ task, when }) => { when(task(make, {}).n.equals(1), () => undefined, { name: 'w' }); }],
    ['no tasks at all', 'PW114 The pipeline "p" has no tasks.', () => undefined],
    ['a silly quantity', 'PW112 Task "make": the memory is "lots", which is not possible.', ({ task }) => { task(make, {}, { resources: { memory: 'lots' } }); }],
    ['no parallelism', 'PW112 The loop "l": the parallelism is 0, which is not possible.', ({ forEach }) => { forEach([1], (_: unknown, s: any) => { s.task(make, {}); }, { name: 'l', parallelism: 0 }); }],
  ])('refuses %s', (_, text, describeGraph) => {
    expect(textsOf(pipeline('p', {}, describeGraph))).toContain(text);
  });

  it('suggests the name that was meant', () => {
    const [issue] = issuesOf(pipeline('p', {}, ({ task }) => { task(bind, loose({ file: 1 })); })).filter(({ code }) => code === 'PW105');
    expect(issue!.fix).toBe('Did you mean "files"?');
  });

  it('shows a cycle made by hand, since the builder cannot make one', () => {
    const graph = pipeline('p', {}, ({ task }) => { task(make, {}, { name: 'a' }); task(make, {}, { name: 'b' }); });
    const [a, b] = graph.body as [never, never];
    const texts = textsOf({ ...graph, body: [{ ...(a as object), after: ['b'] }, { ...(b as object), after: ['a'] }] as never });
    expect(texts).toEqual(['PW109 These wait for one another: a → b → a.']);
  });

  it.each<[string, object, string]>([
    ['a name that is two things', { parameters: { x: t.string() }, inputs: { x: artifact.file() }, command: (h: any) => ['p', h.parameter('x'), h.input('x')] }, '"x" is both a parameter and an input.'],
    ['an output that the program is never told of', { outputs: { x: artifact.file() }, command: () => ['p'] }, 'its command never uses the output "x".'],
    ['a hole for nothing', { command: (h: any) => ['p', h.parameter('y')] }, 'its command uses the parameter "y", which it does not declare.'],
    ['a default that does not fit', { parameters: { x: { type: { kind: 'integer' }, default: 'a' } }, command: (h: any) => ['p', h.parameter('x')] }, 'the default of parameter "x" is "a", which is not an integer.'],
    ['a command that begins with a value', { parameters: { x: t.string({ default: '' }) }, command: (h: any) => [h.parameter('x')] }, 'its command does not begin with a program.'],
  ])('refuses a contract with %s', (_, declaration, message) => {
    const step = defineContainerStep(loose({ name: 'odd', image: 'alpine:3.22', ...declaration }));
    expect(textsOf(pipeline('p', {}, ({ task }) => { task(step, loose({})); }))).toContain(`PW111 Step "odd": ${message}`);
  });
});
