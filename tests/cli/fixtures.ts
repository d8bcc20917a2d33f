/** The diamond of examples/diamond.ts, without its comments. */
export const DIAMOND = `import { defineContainerStep, pipeline, t } from 'pipewright';
const split = defineContainerStep({
  name: 'split', image: 'alpine:3.22', parameters: { n: t.integer({ minimum: 0 }) }, results: { half: t.integer(), rest: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo $(($1 / 2)) > "$2"; echo $(($1 - $1 / 2)) > "$3"', 'split', parameter('n'), result('half'), result('rest')],
});
const square = defineContainerStep({
  name: 'square', image: 'alpine:3.22', parameters: { n: t.integer() }, results: { square: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo $(($1 * $1)) > "$2"', 'square', parameter('n'), result('square')],
});
const add = defineContainerStep({
  name: 'add', image: 'alpine:3.22', parameters: { a: t.integer(), b: t.integer() }, results: { sum: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo $(($1 + $2)) > "$3"', 'add', parameter('a'), parameter('b'), result('sum')],
});
export default pipeline('diamond', { params: { n: t.integer({ default: 7, minimum: 0 }) } }, ({ params, task }) => {
  const parts = task(split, { n: params.n });
  const left = task(square, { n: parts.half }, { name: 'left' });
  const right = task(square, { n: parts.rest }, { name: 'right' });
  task(add, { a: left.square, b: right.square });
});
`;

/** Everything that a run can leave: figures with a headline, a file, a folder, a loop, a condition, a failure on demand. */
export const RICH = `import { artifact, defineContainerStep, pipeline, t } from 'pipewright';
const FIGURES = JSON.stringify({
  format: 'pipewright/figures/1', title: 'Evaluation', summary: 'Keep: the data cannot tell.',
  tables: [{ title: 'Scores', headline: true, columns: ['model', 'accuracy'], rows: [['chosen', '@'], ['majority', 0.54]], note: 'One trial.' }, { title: 'Other', columns: ['a', 'b'], rows: [['x', 1]] }],
  charts: [{ kind: 'line', title: 'Equity', xLabel: 'Day', yLabel: 'Growth', series: [{ name: 's', x: ['2020-01-01', '2020-01-02'], y: [1, 2] }] }],
});
const write = defineContainerStep({
  name: 'write', image: 'alpine', parameters: { text: t.string() }, outputs: { note: artifact.file(), folder: artifact.directory() },
  command: ({ parameter, output }) => ['sh', '-c', 'echo "$1" > "$2"; mkdir -p "$3/in"; echo deep > "$3/in/side"', 'write', parameter('text'), output('note'), output('folder')],
});
const judge = defineContainerStep({
  name: 'judge', image: 'alpine', parameters: { score: t.number() }, inputs: { notes: artifact.many(artifact.file()) }, outputs: { figures: artifact.metrics() }, results: { decision: t.enum(['promote', 'keep']) },
  command: ({ parameter, input, output, result }) => ['sh', '-c', 'ls "$4" >&2; echo "$2" | sed "s/\\\\"@\\\\"/$1/" > "$3"; echo keep > "$5"', 'judge', parameter('score'), FIGURES, output('figures'), input('notes'), result('decision')],
});
const stumble = defineContainerStep({
  name: 'stumble', image: 'alpine', parameters: { code: t.integer() },
  command: ({ parameter }) => ['sh', '-c', 'echo begun; echo "no such table" >&2; exit "$1"', 'stumble', parameter('code')],
});
export default pipeline('rich', { params: { texts: t.list(t.string(), { default: ['one', 'two'] }), score: t.number({ default: 0.51 }), code: t.integer({ default: 0 }) } }, ({ params, task, forEach, when }) => {
  const notes = forEach(params.texts, (text, { task }) => task(write, { text }), { name: 'each-text' });
  const verdict = task(judge, { score: params.score, notes: notes.note });
  when(verdict.decision.equals('promote'), ({ task }) => { task(write, { text: 'won' }, { name: 'trophy' }); }, { name: 'won' });
  task(stumble, { code: params.code }, { after: [verdict] });
});
`;

/** A step that works until it is stopped, and an exit handler. */
export const ENDLESS = `import { defineContainerStep, pipeline, t } from 'pipewright';
const wait = defineContainerStep({ name: 'wait', image: 'alpine', parameters: { heed: t.boolean() }, command: ({ parameter }) => ['sh', '-c', '[ "$1" = true ] || trap "" TERM; echo waiting; while :; do sleep 0.05; done', 'wait', parameter('heed')] });
const say = defineContainerStep({ name: 'say', image: 'alpine', parameters: { text: t.string() }, command: ({ parameter }) => ['echo', parameter('text')] });
export default pipeline('endless', { params: { heed: t.boolean({ default: true }) } }, ({ params, task, onExit }) => {
  task(wait, { heed: params.heed });
  onExit(({ task, status }) => { task(say, { text: status }, { cache: false }); });
});
`;
