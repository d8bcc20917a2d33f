import { artifact, defineContainerStep, pipeline, t } from '../../../dsl/index.ts';

/* The pipeline whose workflows were recorded on a real cluster (Argo 4.0.7): recorded/good.json and recorded/bad.json. */

const IMAGE = 'localhost/rig/step:1';
const count = defineContainerStep({
  name: 'count', image: IMAGE, parameters: { words: t.list(t.string()) }, results: { n: t.integer(), many: t.boolean() }, outputs: { list: artifact.file() },
  command: ({ parameter, result, output }) => ['sh', '-c', 'echo 3 > "$2"; echo true > "$3"; echo "$1" > "$4"', 'sh', parameter('words'), result('n'), result('many'), output('list')],
});
const say = defineContainerStep({
  name: 'say', image: IMAGE, parameters: { text: t.string() }, results: { said: t.string() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo -n "$1!" > "$2"', 'sh', parameter('text'), result('said')],
});
const flaky = defineContainerStep({ name: 'flaky', image: IMAGE, parameters: { code: t.integer() }, command: ({ parameter }) => ['sh', '-c', 'exit "$1"', 'sh', parameter('code')] });
const stumble = defineContainerStep({ name: 'stumble', image: IMAGE, parameters: { code: t.integer() }, command: ({ parameter }) => ['sh', '-c', 'exit "$1"', 'sh', parameter('code')] });

export const recorded = pipeline('sw-sample', {
  params: { words: t.list(t.string(), { default: ['one', 'two (2)', 'three'] }), none: t.list(t.string(), { default: [] }), code: t.integer({ default: 0 }) },
}, ({ params, task, forEach, when, onExit }) => {
  const counted = task(count, { words: params.words });
  forEach(params.words, (text, { task }) => task(say, { text }), { name: 'each-word' });
  forEach([1, 2], (_n, { task, forEach }) => {
    forEach(['x', 'y'], (letter, { task }) => task(say, { text: letter }, { name: 'deep' }), { name: 'letters' });
    task(flaky, { code: 0 }, { name: 'inner' });
  }, { name: 'outer' });
  when(counted.n.greaterThan(2), ({ task }) => { task(say, { text: 'many' }, { name: 'many' }); }, { name: 'is-many' });
  when(counted.n.greaterThan(5), ({ task }) => { task(say, { text: 'a' }, { name: 'big-a' }); task(say, { text: 'b' }, { name: 'big-b' }); }, { name: 'is-big' });
  forEach(params.none, (text, { task }) => task(say, { text }, { name: 'never' }), { name: 'nothing' });
  task(flaky, { code: params.code }, { name: 'shaky', retry: { limit: 1, wait: '1s' } });
  const stumbled = task(stumble, { code: params.code });
  task(say, { text: 'after' }, { name: 'after', after: [stumbled] });
  onExit(({ task, status }) => { task(say, { text: status }, { name: 'bye' }); });
});
