/** A step that runs only on a condition, a fallback for what it would have written, and a choice between two branches. */
import { artifact, defineContainerStep, format, pipeline, t } from '../dsl/index.ts';

const toss = defineContainerStep({
  name: 'toss',
  image: 'alpine:3.22',
  parameters: { side: t.enum(['heads', 'tails']) },
  results: { side: t.enum(['heads', 'tails']) },
  outputs: { coin: artifact.file() },
  command: ({ parameter, result, output }) => ['sh', '-c', 'echo "$1" | tee "$2" > "$3"', 'toss', parameter('side'), result('side'), output('coin')],
});

const polish = defineContainerStep({
  name: 'polish',
  image: 'alpine:3.22',
  inputs: { coin: artifact.file() },
  outputs: { coin: artifact.file() },
  results: { shine: t.integer() },
  command: ({ input, output, result }) => [
    'sh', '-c', '{ cat "$1"; echo polished; } > "$2"; echo 9 > "$3"', 'polish', input('coin'), output('coin'), result('shine'),
  ],
});

const say = defineContainerStep({
  name: 'say',
  image: 'alpine:3.22',
  parameters: { text: t.string() },
  results: { said: t.string() },
  command: ({ parameter, result }) => ['sh', '-c', 'echo "$1" | tee "$2"', 'say', parameter('text'), result('said')],
});

const show = defineContainerStep({
  name: 'show',
  image: 'alpine:3.22',
  parameters: { shine: t.integer(), said: t.string() },
  inputs: { coin: artifact.file() },
  command: ({ parameter, input }) => ['sh', '-c', 'echo "shine $1, said $2"; cat "$3"', 'show', parameter('shine'), parameter('said'), input('coin')],
});

export default pipeline('conditional', { params: { side: t.enum(['heads', 'tails'], { default: 'heads' }) } }, ({ params, task, when }) => {
  const coin = task(toss, { side: params.side });
  const heads = coin.side.equals('heads');
  const polished = when(heads, ({ task }) => task(polish, { coin: coin.coin }));
  const said = when(heads, ({ task }) => task(say, { text: 'We won' }), {
    name: 'comment',
    otherwise: ({ task }) => task(say, { text: format`We lost by ${coin.side}` }),
  });
  task(show, { shine: polished.shine.orElse(0), coin: polished.coin.orElse(coin.coin), said: said.said });
});
