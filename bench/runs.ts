/** Listing and asking a thousand runs: with the index, without it, and beside one plain read of each run.json. */
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerQuery } from '../cli/runs/query.ts';
import { readTrackedRuns } from '../cli/runs/run-index.ts';
import { createProcessExecutor, createBundler, runPipeline } from '../dsl/local/index.ts';
import { demandChecked } from '../dsl/check/index.ts';
import { openStore } from '../store/index.ts';
import { artifact, defineContainerStep, pipeline, t } from '../dsl/index.ts';

const RUNS = 1000;
const FIGURES = JSON.stringify({ format: 'pipewright/figures/1', title: 'Evaluation', tables: [{ title: 'Scores', headline: true, columns: ['model', 'accuracy', 'AUC-ROC'], rows: [['chosen', 0.53, 0.52], ['majority', 0.55, 0.5]] }] });
const judge = defineContainerStep({
  name: 'judge', image: 'alpine:3.22', parameters: { n: t.integer() }, outputs: { figures: artifact.metrics() }, results: { score: t.number() },
  command: ({ parameter, output, result }) => ['sh', '-c', 'echo "$2" > "$3"; echo "0.$1" > "$4"', 'judge', parameter('n'), FIGURES, output('figures'), result('score')],
});
const study = pipeline('study', { params: { n: t.integer({ default: 1 }) } }, ({ params, task, forEach }) => {
  forEach([1, 2, 3, 4, 5], (n, { task }) => task(judge, { n }), { name: 'each' });
  task(judge, { n: params.n }, { name: 'last' });
});

const folder = await mkdtemp(join(tmpdir(), 'pipewright-bench-'));
try {
  const store = await openStore(join(folder, 'store'));
  const bundler = createBundler({ folder });
  const { id } = await runPipeline(demandChecked(study), { parameters: { n: 7 }, folder, store, executor: createProcessExecutor({ bundle: (contract) => bundler.bundle(contract) }), code: (contract) => bundler.codeOf(contract), environment: process.env });
  // One run was really run; the others are its copies under names and times of their own.
  const [record, tasks] = [await readFile(join(folder, 'runs', id, 'run.json'), 'utf8'), await readdir(join(folder, 'runs', id, 'tasks'))];
  for (let index = 0; index < RUNS - 1; index++) {
    const name = `20260101-${String(index).padStart(6, '0')}-000-copy`;
    await cp(join(folder, 'runs', id), join(folder, 'runs', name), { recursive: true });
    await writeFile(join(folder, 'runs', name, 'run.json'), record.replaceAll(id, name).replace('"n": 7', `"n": ${index}`));
  }

  const measure = async (work: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let repetition = 0; repetition < 5; repetition++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[2]!;
  };
  const ask = async (): Promise<void> => {
    const { runs } = answerQuery(await readTrackedRuns(folder, async () => store), { sort: 'auc', filter: 'metrics.accuracy > 0.5 and params.n < 500' }, false);
    if (runs.length !== 501) throw new Error(`${runs.length} runs were found, not 501`);
  };
  const withoutIndex = await measure(async () => {
    await rm(join(folder, 'index'), { recursive: true, force: true });
    await ask();
  });
  const withIndex = await measure(ask);
  const plain = await measure(async () => Promise.all((await readdir(join(folder, 'runs'))).map(async (name) => JSON.parse(await readFile(join(folder, 'runs', name, 'run.json'), 'utf8')) as unknown)));

  console.log(`${RUNS} runs of ${tasks.length} tasks, filtered and sorted by a figure; median of 5`);
  console.table([
    { way: 'with the index', 'ms': Math.round(withIndex), 'times the plain read': (withIndex / plain).toFixed(2) },
    { way: 'without it (first time)', 'ms': Math.round(withoutIndex), 'times the plain read': (withoutIndex / plain).toFixed(2) },
    { way: 'plain read of each run.json', 'ms': Math.round(plain), 'times the plain read': '1.00' },
  ]);
  console.log(`The index makes it ${(withoutIndex / withIndex).toFixed(1)} times as fast.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
