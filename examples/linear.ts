/** Two steps in a row: the second reads a file that the first wrote. */
import { artifact, defineContainerStep, pipeline, t } from '../dsl/index.ts';

const write = defineContainerStep({
  name: 'write',
  image: 'alpine:3.22',
  parameters: { text: t.string() },
  outputs: { note: artifact.file() },
  command: ({ parameter, output }) => ['sh', '-c', 'printf "%s\\n" "$1" > "$2"', 'write', parameter('text'), output('note')],
});

const count = defineContainerStep({
  name: 'count',
  image: 'alpine:3.22',
  inputs: { note: artifact.file() },
  results: { characters: t.integer() },
  command: ({ input, result }) => ['sh', '-c', 'tr -d "\\n" < "$1" | wc -c | tr -d " " > "$2"', 'count', input('note'), result('characters')],
});

export default pipeline('linear', { params: { text: t.string({ default: 'hello' }) } }, ({ params, task }) => {
  const note = task(write, { text: params.text });
  task(count, { note: note.note });
});
