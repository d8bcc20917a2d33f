/**
 * Compiling a pipeline to Argo: time against the number of steps, and beside it what the same objects cost as JSON and
 * as YAML by the `yaml` package.
 *
 *     npx tsx bench/compile.ts [steps …]        by default 10, 100, 1000 and 10000
 *
 * Read the time per step, which must not grow, and the ratios.
 */
import { stringify } from 'yaml';
import { artifact, defineContainerStep, demandChecked, pipeline, t, type CheckedPipeline } from '../dsl/index.ts';
import { compileToArgo, LIMITS, printYaml, type ArgoDocuments } from '../dsl/argo/index.ts';

const work = defineContainerStep({
  name: 'work', image: 'busybox:1.36', parameters: { number: t.integer() }, results: { number: t.integer() }, outputs: { file: artifact.file() },
  command: ({ parameter, result, output }) => ['work', parameter('number'), result('number'), output('file')],
});
const sum = defineContainerStep({
  name: 'sum', image: 'busybox:1.36', parameters: { number: t.integer() }, inputs: { file: artifact.file() }, results: { number: t.integer() },
  command: ({ parameter, input, result }) => ['sum', parameter('number'), input('file'), result('number')],
});

/** Diamonds one after the other, ten tasks each: one, eight beside one another, and one that takes from them. */
function ofSize(steps: number): CheckedPipeline {
  return demandChecked(pipeline(`steps-${steps}`, {}, ({ task }) => {
    let last = task(work, { number: 1 });
    for (let made = 1; made + 9 <= steps; made += 10) {
      const { number, file } = last;
      const beside = Array.from({ length: 8 }, () => task(sum, { number, file }));
      last = task(work, { number: beside.map((one) => one.number).reduce((a, b) => a.plus(b)) });
    }
  }));
}

/** The fastest of several rounds, in milliseconds: a busy machine disturbs it least. */
function fastest(work: () => unknown, rounds: number): number {
  return Math.min(...Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }));
}

// Larger than any cluster takes: the point is how time grows.
const limits = { ...LIMITS, bytes: Number.POSITIVE_INFINITY };
const print = ({ workflowTemplates, workflow }: ArgoDocuments): string => [...workflowTemplates, workflow].map(printYaml).join('---\n');

console.log('| steps | YAML, KB | compile, ms | ms per step | print, ms | JSON.stringify, ms | compile / JSON | yaml package, ms | its / our printing |');
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
const sizes = process.argv.slice(2).map(Number);
for (const steps of sizes.length > 0 ? sizes : [10, 100, 1_000, 10_000]) {
  const rounds = steps >= 10_000 ? 5 : 21;
  const graph = ofSize(steps);
  const documents = compileToArgo(graph, { limits });
  const objects = [...documents.workflowTemplates, documents.workflow];
  const compile = fastest(() => compileToArgo(graph, { limits }), rounds);
  const printing = fastest(() => print(documents), rounds);
  const json = fastest(() => JSON.stringify(objects), rounds);
  const yaml = fastest(() => objects.map((object) => stringify(object, { lineWidth: 0, sortMapEntries: true })).join('---\n'), 3);
  const row = [
    steps.toLocaleString('en'), (print(documents).length / 1000).toFixed(0), compile.toFixed(2), (compile / steps).toFixed(4), printing.toFixed(2),
    json.toFixed(2), (compile / json).toFixed(1), yaml.toFixed(1), (yaml / printing).toFixed(1),
  ];
  console.log(`| ${row.join(' | ')} |`);
}
