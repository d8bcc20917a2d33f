/** One step, two that work on its result side by side, and one that joins them. */
import { defineContainerStep, pipeline, t } from '../dsl/index.ts';

const split = defineContainerStep({
  name: 'split',
  image: 'alpine:3.22',
  parameters: { n: t.integer({ minimum: 0 }) },
  results: { half: t.integer(), rest: t.integer() },
  command: ({ parameter, result }) => [
    'sh', '-c', 'echo $(($1 / 2)) > "$2"; echo $(($1 - $1 / 2)) > "$3"', 'split', parameter('n'), result('half'), result('rest'),
  ],
});

const square = defineContainerStep({
  name: 'square',
  image: 'alpine:3.22',
  parameters: { n: t.integer() },
  results: { square: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo $(($1 * $1)) > "$2"', 'square', parameter('n'), result('square')],
});

const add = defineContainerStep({
  name: 'add',
  image: 'alpine:3.22',
  parameters: { a: t.integer(), b: t.integer() },
  results: { sum: t.integer() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo $(($1 + $2)) > "$3"', 'add', parameter('a'), parameter('b'), result('sum')],
});

export default pipeline('diamond', { params: { n: t.integer({ default: 7, minimum: 0 }) } }, ({ params, task }) => {
  const parts = task(split, { n: params.n });
  const left = task(square, { n: parts.half }, { name: 'left' });
  const right = task(square, { n: parts.rest }, { name: 'right' });
  task(add, { a: left.square, b: right.square });
});
