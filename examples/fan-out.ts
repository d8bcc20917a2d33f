/** One task for each item of a list, and two ways back: a list of results, and a collection of artifacts. */
import { artifact, defineContainerStep, pipeline, t } from '../dsl/index.ts';

const words = defineContainerStep({
  name: 'words',
  image: 'alpine:3.22',
  parameters: { word: t.string() },
  outputs: { page: artifact.file() },
  results: { letters: t.integer() },
  command: ({ parameter, output, result }) => [
    'sh', '-c', 'printf "%s\\n" "$1" > "$2"; printf %s "$1" | wc -c | tr -d " " > "$3"', 'words', parameter('word'), output('page'), result('letters'),
  ],
});

const bind = defineContainerStep({
  name: 'bind',
  image: 'alpine:3.22',
  parameters: { letters: t.list(t.integer()) },
  inputs: { pages: artifact.many(artifact.file()) },
  outputs: { book: artifact.file() },
  command: ({ parameter, input, output }) => [
    'sh', '-c', '{ echo "letters: $1"; find "$2" -type f | sort | xargs -r cat; } > "$3"', 'bind', parameter('letters'), input('pages'), output('book'),
  ],
});

export default pipeline(
  'fan-out',
  { params: { words: t.list(t.string(), { default: ['one', 'two', 'three'] }) } },
  ({ params, forEach, task }) => {
    const each = forEach(params.words, (word, { task }) => task(words, { word }), { name: 'each-word', parallelism: 2 });
    task(bind, { letters: each.letters, pages: each.page });
  },
);
