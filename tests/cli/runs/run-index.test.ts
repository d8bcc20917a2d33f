import { chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrackedRuns } from '../../../cli/runs/run-index.ts';
import { demandChecked } from '../../../dsl/check/index.ts';
import { artifact, defineContainerStep, pipeline, t } from '../../../dsl/index.ts';
import { createBundler, createProcessExecutor, runPipeline } from '../../../dsl/local/index.ts';
import { openStore, type Store } from '../../../store/index.ts';

const FIGURES = JSON.stringify({ format: 'pipewright/figures/1', title: 'E', tables: [{ title: 'S', headline: true, columns: ['model', 'AUC'], rows: [['chosen', 0.52]] }] });
const judge = defineContainerStep({
  name: 'judge', image: 'alpine:3.22', parameters: { n: t.integer() }, outputs: { figures: artifact.metrics() }, results: { score: t.number(), decision: t.string() },
  command: ({ parameter, output, result }) => ['sh', '-c', 'echo "$2" > "$3"; echo "0.$1" > "$4"; echo keep > "$5"', 'judge', parameter('n'), FIGURES, output('figures'), result('score'), result('decision')],
});
const study = demandChecked(pipeline('study', { params: { n: t.integer({ default: 5 }) } }, ({ params, task }) => {
  task(judge, { n: params.n });
}));

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipewright-index-'));
  store = await openStore(join(folder, 'store'));
});
afterEach(async () => {
  await chmod(folder, 0o755);
  await rm(folder, { recursive: true, force: true });
});

async function runOnce(n: number): Promise<string> {
  const bundler = createBundler({ folder });
  return (await runPipeline(study, { parameters: { n }, folder, store, executor: createProcessExecutor({ bundle: (contract) => bundler.bundle(contract) }), code: (contract) => bundler.codeOf(contract), environment: process.env })).id;
}
const read = (): ReturnType<typeof readTrackedRuns> => readTrackedRuns(folder, () => Promise.resolve(store));
const index = (): string => join(folder, 'index/runs.ndjson');

describe('the index of runs', () => {
  it('has parameters, results and figures, the newest run first', async () => {
    const ids = [await runOnce(5), await runOnce(7)];
    const runs = await read();
    expect(runs.map(({ id, parameters, metrics, results }) => ({ id, parameters, metrics, results }))).toEqual([7, 5].map((n, at) => ({ id: ids[1 - at], parameters: { n }, metrics: { 'judge.auc': 0.52, 'judge.score': n / 10 }, results: { 'judge.decision': 'keep' } })));
    expect(await read()).toEqual(runs);
  });

  it('spares reading a run again, until its record changes', async () => {
    const id = await runOnce(5);
    const [run] = await read();
    // Nothing but the index is left to read the figures from.
    await rm(join(folder, 'runs', id, 'tasks'), { recursive: true });
    expect(await read()).toEqual([run]);
    const record = join(folder, 'runs', id, 'run.json');
    await writeFile(record, (await readFile(record, 'utf8')).replace('"n": 5', '"n": 6'));
    expect(await read()).toEqual([{ ...run, parameters: { n: 6 }, metrics: {}, results: {} }]);
  });

  it('is made anew when it is gone, cut off, damaged or of another format', async () => {
    await runOnce(5);
    const runs = await read();
    const text = await readFile(index(), 'utf8');
    for (const damaged of [undefined, text.slice(0, -40), text.replace('"run"', 'run'), text.replace('run-index/1', 'run-index/0'), '']) {
      if (damaged === undefined) await rm(index());
      else await writeFile(index(), damaged);
      expect(await read()).toEqual(runs);
      expect(await readFile(index(), 'utf8')).toBe(text);
    }
  });

  it('forgets runs that were removed, and leaves out those whose figures are missing just now', async () => {
    const [first, second] = [await runOnce(5), await runOnce(7)];
    const runs = await read();
    await rm(join(folder, 'runs', first), { recursive: true });
    expect((await read()).map(({ id }) => id)).toEqual([second]);
    expect(await readFile(index(), 'utf8')).not.toContain(first);

    await rm(index());
    const objects = join(folder, 'store/objects');
    const elsewhere = await openStore(join(folder, 'empty'));
    expect((await readTrackedRuns(folder, () => Promise.resolve(elsewhere)))[0]!.metrics).toEqual({ 'judge.score': 0.7 });
    expect(await readdir(objects)).not.toEqual([]);
    expect((await read())[0]).toEqual(runs[0]);
  });

  it('is no reason to fail where nobody may write, and counts no file of another time', async () => {
    const id = await runOnce(5);
    await writeFile(join(folder, 'index'), 'a file in the way');
    const [run] = await read();
    expect(run!.id).toBe(id);
    await rm(join(folder, 'index'));
    await read();
    await utimes(join(folder, 'runs', id, 'run.json'), new Date(0), new Date(0));
    await rm(join(folder, 'runs', id, 'tasks'), { recursive: true });
    expect((await read())[0]!.metrics).toEqual({});
  });
});
