/** A step in another language: any image, any command line. */
import { artifact, defineContainerStep, pipeline, t } from '../dsl/index.ts';

const SOURCE = `
import json, statistics, sys
numbers, out, mean = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
json.dump({"mean": statistics.mean(numbers), "median": statistics.median(numbers)}, open(out, "w"))
open(mean, "w").write(json.dumps(statistics.mean(numbers)))
`;

const summarise = defineContainerStep({
  name: 'summarise',
  image: 'python:3.13-slim',
  parameters: { numbers: t.list(t.number()) },
  outputs: { summary: artifact.file() },
  results: { mean: t.number() },
  command: ({ parameter, output, result }) => ['python3', '-c', SOURCE, parameter('numbers'), output('summary'), result('mean')],
});

const print = defineContainerStep({
  name: 'print',
  image: 'alpine:3.22',
  parameters: { mean: t.number() },
  inputs: { summary: artifact.file() },
  command: ({ parameter, input }) => ['sh', '-c', 'echo "mean $1"; cat "$2"', 'print', parameter('mean'), input('summary')],
});

export default pipeline('python', { params: { numbers: t.list(t.number(), { default: [1, 2, 4] }) } }, ({ params, task }) => {
  const { summary, mean } = task(summarise, { numbers: params.numbers });
  task(print, { mean, summary });
});
