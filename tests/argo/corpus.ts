import { pipeline, type Value } from '../../dsl/build/index.ts';
import { format } from '../../dsl/build/index.ts';
import { demandChecked } from '../../dsl/check/index.ts';
import { artifact, defineContainerStep, defineStep, t } from '../../dsl/contract/index.ts';
import type { CheckedPipeline, Pipeline } from '../../dsl/ir/index.ts';
import { ODD_TEXTS } from './random-pipeline.ts';

/* One pipeline for each construct and for each way in which constructs meet. */

export const say = defineContainerStep({
  name: 'say', image: 'busybox:1.36', parameters: { text: t.string() }, results: { text: t.string() },
  command: ({ parameter, result }) => ['sh', '-c', 'printf %s "$1" > "$2"', 'say', parameter('text'), result('text')],
});
export const show = defineContainerStep({
  name: 'show', image: 'busybox:1.36', parameters: { value: t.json() }, command: ({ parameter }) => ['echo', parameter('value')],
});
export const count = defineContainerStep({
  name: 'count', image: 'busybox:1.36', parameters: { n: t.number() },
  results: { n: t.number(), twice: t.integer(), isBig: t.boolean(), list: t.list(t.integer()), words: t.list(t.string()), kind: t.enum(['small', 'big one']), row: t.json<{ rate: number; name: string }>() },
  command: ({ parameter, result }) => ['count', parameter('n', '--n='), result('n'), result('twice'), result('isBig'), result('list'), result('words'), result('kind'), result('row')],
});
export const write = defineStep({
  name: 'write', description: 'Writes a file and a folder. Braces {{stay}} readable.', image: 'example/write:1', parameters: { text: t.string({ default: 'nothing' }) },
  outputs: { file: artifact.file(), folder: artifact.directory() }, results: { size: t.integer() }, resources: { cpu: '250m', memory: '128Mi', limits: { cpu: '1' } },
});
export const read = defineStep({ name: 'read', inputs: { file: artifact.file(), extra: artifact.optional(artifact.directory()) }, results: { text: t.string() } });
export const gather = defineStep({ name: 'gather', inputs: { files: artifact.many(artifact.file()) }, results: { total: t.integer() } });
export const gatherFolders = defineStep({ name: 'gather-folders', inputs: { folders: artifact.many(artifact.directory()) } });
export const total = defineContainerStep({ name: 'total', image: 'busybox:1.36', parameters: { numbers: t.list(t.number()) }, command: ({ parameter }) => ['total', parameter('numbers')] });
export const join = defineContainerStep({ name: 'join', image: 'busybox:1.36', parameters: { texts: t.list(t.string()) }, command: ({ parameter }) => ['join', parameter('texts')] });

const odd = defineContainerStep({
  name: 'odd', image: 'busybox:1.36', parameters: { text: t.string(), number: t.integer({ default: 1 }) },
  command: ({ parameter }) => ['odd', ...ODD_TEXTS, parameter('text', '{'), parameter('text', '$'), parameter('text', '{{x}} $$'), parameter('number', '--n=')],
});

const PIPELINES = {
  linear: pipeline('linear', { description: 'One after the other', params: { text: t.string({ default: 'hello', description: 'What to say' }) } }, ({ params, task }) => {
    const first = task(say, { text: params.text });
    const second = task(say, { text: first.text }, { name: 'again' });
    task(say, { text: second.text }, { name: 'last', after: [first] });
  }),
  diamond: pipeline('diamond', {}, ({ task }) => {
    const top = task(write, { text: 'top' });
    const left = task(read, { file: top.file }, { name: 'left' });
    const right = task(read, { file: top.file, extra: top.folder }, { name: 'right' });
    task(say, { text: format`${left.text} and ${right.text}, ${top.size} bytes` }, { name: 'bottom' });
  }),
  'fan-out-parameters': pipeline('fan-out-parameters', {}, ({ task, forEach }) => {
    const rates = forEach([0.001, 0.003, 0.01], (n, { task }) => task(count, { n }));
    task(total, { numbers: rates.n });
    task(show, { value: rates.row });
    task(show, { value: rates.isBig }, { name: 'show-flags' });
    task(show, { value: rates.list }, { name: 'show-lists' });
    task(join, { texts: rates.kind });
  }),
  'fan-out-texts': pipeline('fan-out-texts', {}, ({ task, forEach }) => {
    const texts = forEach(['a', 'b'], (text, { task }) => task(say, { text }));
    task(join, { texts: texts.text });
  }),
  'fan-out-artifacts': pipeline('fan-out-artifacts', {}, ({ task, forEach }) => {
    const made = forEach(['a', 'b'], (text, { task }) => task(write, { text }));
    task(gather, { files: made.file });
    task(gatherFolders, { folders: made.folder });
  }),
  'dynamic-list': pipeline('dynamic-list', { params: { n: t.number({ default: 3 }), names: t.list(t.string(), { default: ['x', 'y'] }) } }, ({ params, task, forEach }) => {
    const { list } = task(count, { n: params.n });
    const made = forEach(list, (number, { task }) => task(write, { text: format`item ${number}` }));
    task(gather, { files: made.file });
    task(total, { numbers: made.size });
    const said = forEach(params.names, (text, { task }) => {
      const first = task(say, { text }, { name: 'first' });
      return task(say, { text: format`${first.text} of ${text}` }, { name: 'second' });
    });
    task(join, { texts: said.text });
  }),
  'empty-list': pipeline('empty-list', {}, ({ task, forEach }) => {
    const none = forEach([] as number[], (n, { task }) => {
      const counted = task(count, { n });
      const written = task(write, { text: format`${counted.twice}` });
      return { n: counted.n, file: written.file };
    });
    task(total, { numbers: none.n });
    task(gather, { files: none.file });
  }),
  'limited-loop': pipeline('limited-loop', { parallelism: 4, params: { n: t.number({ default: 3 }) } }, ({ params, task, forEach }) => {
    const fixed = forEach([5, 6, 7], (n, { task }) => task(count, { n }), { parallelism: 1 });
    task(total, { numbers: fixed.n });
    const { list } = task(count, { n: params.n }, { name: 'counted' });
    const made = forEach(list, (number, { task }) => {
      const one = task(count, { n: number }, { name: 'one' });
      return task(write, { text: format`${number} ${one.kind} ${params.n}` });
    }, { parallelism: 2, name: 'two-by-two' });
    task(gather, { files: made.file });
    task(total, { numbers: made.size }, { name: 'total-sizes' });
  }),
  'loop-in-loop': pipeline('loop-in-loop', {}, ({ task, forEach }) => {
    const base = task(say, { text: 'base' });
    const outer = forEach(['a', 'b'], (letter, { task, forEach }) => {
      const inner = forEach([1, 2], (number, { task }) => task(write, { text: format`${base.text}-${letter}-${number}` }));
      const gathered = task(gather, { files: inner.file });
      return { sizes: inner.size, total: gathered.total };
    });
    task(show, { value: outer.sizes });
    task(total, { numbers: outer.total });
  }),
  'conditional-fallback': pipeline('conditional-fallback', { params: { n: t.number({ default: 3 }) } }, ({ params, task, when }) => {
    const counted = task(count, { n: params.n });
    const maybe = when(counted.isBig, ({ task }) => task(say, { text: 'big' }));
    task(say, { text: maybe.text.orElse('small') }, { name: 'said' });
    const group = when(params.n.greaterThan(1).and(counted.kind.equals('big one')).not(), ({ task }) => {
      const written = task(write, { text: 'in the group' });
      const text = task(read, { file: written.file }).text;
      return { file: written.file, text, size: written.size };
    });
    const other = task(write, { text: 'instead' }, { name: 'instead' });
    task(read, { file: group.file.orElse(other.file) }, { name: 'read-either' });
    task(say, { text: format`${group.size.orElse(0)} ${group.text.orElse('none')}` }, { name: 'told' });
  }),
  'if-else-join': pipeline('if-else-join', { params: { mode: t.enum(['fast', 'slow'], { default: 'fast' }) } }, ({ params, task, when }) => {
    const chosen = when(params.mode.equals('fast'), ({ task }) => task(write, { text: 'fast' }, { name: 'fast' }), {
      otherwise: ({ task }) => {
        const first = task(say, { text: 'slowly' });
        return task(write, { text: first.text }, { name: 'slow' });
      },
    });
    task(read, { file: chosen.file, extra: chosen.folder });
    task(total, { numbers: [1] });
    task(show, { value: chosen.size });
  }),
  'when-in-loop': pipeline('when-in-loop', { params: { limit: t.number({ default: 2 }) } }, ({ params, task, forEach }) => {
    const all = forEach([1, 2, 3], (n, { when }) => {
      const few = when(n.lessThan(params.limit), ({ task }) => task(say, { text: format`few ${n}` }, { name: 'few' }));
      const either = when(n.greaterThan(params.limit), ({ task }) => {
        task(show, { value: n });
        return task(say, { text: 'many' }, { name: 'many' });
      }, { otherwise: ({ task }) => task(say, { text: 'not many' }, { name: 'not-many' }) });
      return { text: few.text.orElse('no'), either: either.text };
    });
    task(join, { texts: all.text });
    task(join, { texts: all.either }, { name: 'join-either' });
  }),
  'loop-in-when': pipeline('loop-in-when', { params: { n: t.number({ default: 3 }) } }, ({ params, task, when }) => {
    const counted = task(count, { n: params.n });
    const group = when(counted.isBig, ({ task, forEach }) => {
      const each = forEach(counted.list, (number, { task }) => task(write, { text: format`${number}` }));
      const gathered = task(gather, { files: each.file });
      return { sizes: each.size as Value<readonly number[]>, total: gathered.total };
    });
    task(total, { numbers: group.sizes.orElse([0]) });
    task(show, { value: group.total.orElse(-1) });
  }),
  'when-in-when': pipeline('when-in-when', { params: { n: t.number({ default: 3 }) } }, ({ params, task, when }) => {
    const outer = when(params.n.greaterThan(1), ({ task, when }) => {
      const near = task(say, { text: 'near' }, { name: 'near' });
      const inner = when(params.n.greaterThan(5), ({ task }) => task(write, { text: near.text }, { name: 'deep' }), {
        otherwise: ({ task }) => task(write, { text: 'shallow' }, { name: 'shallow' }),
      });
      return { file: inner.file, size: inner.size, near: near.text };
    });
    const instead = task(write, {}, { name: 'instead' });
    task(read, { file: outer.file.orElse(instead.file) });
    task(show, { value: outer.size.orElse(instead.size) });
    task(say, { text: outer.near.orElse('far') }, { name: 'told' });
  }),
  settings: pipeline('settings', { timeout: '90m' }, ({ task }) => {
    const first = task(write, {}, { retry: { limit: 3, wait: '5s', factor: 2, longestWait: '1m' }, timeout: '10m', resources: { memory: '1Gi' } });
    const second = task(write, { text: 'again' }, { name: 'second', retry: { limit: 1 }, cache: false });
    task(read, { file: first.file, extra: second.folder }, { pod: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] } });
  }),
  'exit-handler': pipeline('exit-handler', { params: { who: t.string({ default: 'team' }) } }, ({ params, task, onExit }) => {
    task(say, { text: 'work' });
    onExit(({ task, status, when, forEach }) => {
      task(show, { value: format`${status} for ${params.who}` });
      when(status.notEquals('Succeeded'), ({ task }) => { task(say, { text: format`alarm ${status}` }, { name: 'alarm' }); });
      const told = forEach(['a', 'b'], (name, { task }) => {
        const text = task(say, { text: format`${name}: ${status}` }, { name: 'tell' }).text;
        return { text: format`${status} ${text}` };
      });
      task(join, { texts: told.text });
    });
  }),
  'odd-texts': pipeline('odd-texts', { params: { text: t.string({ default: '{{x}} $$ "q"' }), texts: t.list(t.string(), { default: [...ODD_TEXTS] }) } }, ({ params, task, forEach }) => {
    task(odd, { text: params.text });
    for (const [index, text] of ODD_TEXTS.entries()) task(say, { text }, { name: `odd-${index}` });
    const fixed = forEach([...ODD_TEXTS], (text, { task }) => task(say, { text }, { name: 'fixed' }));
    const given = forEach(params.texts, (text, { task }) => task(say, { text: format`${text}{{y}}` }, { name: 'given' }));
    task(join, { texts: fixed.text });
    task(join, { texts: given.text }, { name: 'join-given' });
  }),
  keywords: pipeline('keywords', {}, ({ task }) => {
    let previous = task(say, { text: 'start' }, { name: 'in-task' });
    for (const name of ['in', 'not', 'or', 'true', 'let', 'name', 'status', 'matches']) previous = task(say, { text: previous.text }, { name });
  }),
  expressions: pipeline('expressions', {
    params: { n: t.integer({ default: 7 }), f: t.number({ default: 2.5 }), b: t.boolean({ default: true }), s: t.string({ default: 'text' }), j: t.json<{ a: number; s: string }>({ default: { a: 1, s: '{{' } }) },
  }, ({ params, task, when }) => {
    task(count, { n: params.n.plus(1).times(2).minus(params.f).dividedBy(-2) });
    task(say, { text: format`${params.n}|${params.f.times(3)}|${params.b.not()}|${params.s}|${params.n.greaterThan(3).or(params.b)}` });
    task(show, { value: params.s });
    task(show, { value: params.j }, { name: 'whole' });
    task(show, { value: params.j.get('s') }, { name: 'member' });
    when(params.j.equals({ a: 1, s: '{{' }).and(params.s.notEquals('"}}\\u003c')), ({ task }) => { task(say, { text: 'equal' }, { name: 'equal' }); });
  }),
} satisfies Record<string, Pipeline>;

export type CorpusName = keyof typeof PIPELINES;

export const corpus = Object.fromEntries(Object.entries(PIPELINES).map(([name, graph]) => [name, demandChecked(graph)])) as Record<CorpusName, CheckedPipeline>;
