import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskRecord } from '../../dsl/local/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { MlflowServer } from './server.ts';
import { sha256, Studio, type ReadBack } from './studio.ts';

/* A run of a small pipeline goes to a real server, and MLflow's own Python client reads it back. */

const STORY = `Once ${'upon a time '.repeat(600)}`;
let server: MlflowServer;
let studio: Studio;
let tasks: readonly TaskRecord[];
let back: ReadBack;
const task = (name: string): TaskRecord => tasks.find((one) => one.task === name)!;
const runWith = (key: string): ReadBack['runs'][string] => Object.values(back.runs).find(({ tags }) => tags['pipewright.run_id'] === key)!;

beforeAll(async () => {
  studio = await Studio.create();
  server = await MlflowServer.start();
  await studio.rig.write('long.json', JSON.stringify({ story: STORY }));
  await studio.rig.ask('run', 'study.ts', '--param-file', 'long.json');
  ({ tasks } = await studio.latest());
  const registry = openRegistry(await studio.store());
  const run = (await studio.latest()).run.id;
  for (const name of ['train(0)', 'train(1)']) await registry.registerVersion('small-study', { artifact: task(name).outputs['model']!, metadata: { architecture: 'none' } });
  await registry.promote('small-study', { version: 1, alias: 'production', expected: undefined, decision: 'promote', reason: 'The first one.', run });
  await registry.promote('small-study', { version: 2, alias: 'production', expected: 1, decision: 'promote', reason: 'Better on unseen days.', run });
  await registry.promote('small-study', { version: 1, alias: 'challenger', expected: undefined, decision: 'manual', reason: 'To look at.' });
  const { code, stdout, stderr } = await studio.export(server.address);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('3 runs below it');
  expect(stdout).toContain('story is shortened; the whole text is in the artifacts');
  expect(stdout).toContain('model small-study  2 versions, 2 new there; challenger → 1, production → 2');
  back = await studio.readBack(server.address, 'small-study');
});
afterAll(async () => {
  await server?.remove();
  await studio?.rig.remove();
});

describe('a run on an MLflow server', () => {
  it('is one run, with one below it for each candidate', async () => {
    const { run } = await studio.latest();
    expect(Object.values(back.runs).map(({ name }) => name).sort()).toEqual([`small-study ${run.id}`, 'train(0)', 'train(1)', 'train(2)']);
    const parent = runWith(run.id);
    expect([parent.status, parent.start, parent.end]).toEqual(['FINISHED', Date.parse(run.startedAt), Date.parse(run.finishedAt!)]);
    const id = Object.entries(back.runs).find(([, one]) => one === parent)![0];
    for (const index of [0, 1, 2]) expect(runWith(`${run.id}/train(${index})`).tags['mlflow.parentRunId']).toBe(id);
  });

  it('has parameters, flat, and long ones whole in a file', async () => {
    const { run } = await studio.latest();
    const parent = runWith(run.id);
    expect(parent.params['rows']).toBe('40');
    expect(parent.params['story']).toBe(`${STORY.slice(0, 4999)}…`);
    expect(parent.artifacts['params/story.txt']).toBe(sha256(STORY));
    expect(parent.tags['pipewright.shortened_params']).toBe('story');
    expect(runWith(`${run.id}/train(2)`).params).toEqual({ 'candidate.rate': '0.2', 'candidate.layers': '[4,4]' });
  });

  it('has results and headline figures as metrics, words as tags, the summary as its note', async () => {
    const { run } = await studio.latest();
    const { metrics, tags } = runWith(run.id);
    const at = Date.parse(task('judge').finishedAt);
    expect(metrics).toMatchObject({ 'judge.auc-roc': [[0, 0.53, at]], 'judge.auc-roc.lower': [[0, 0.49, at]], 'judge.coin.auc-roc': [[0, 0.5, at]], 'make.rows': [[0, 40, Date.parse(task('make').finishedAt)]] });
    expect(tags).toMatchObject({ 'judge.decision': 'keep', 'mlflow.note.content': 'Keep: the data cannot tell.', 'pipewright.pipeline': 'small-study' });
    expect(back.byMetric).toEqual([Object.entries(back.runs).find(([, { name }]) => name === 'train(2)')![0]]);
  });

  it('has every point of a learning curve at its step, and nothing where there is a gap', async () => {
    const { run } = await studio.latest();
    const curve = runWith(`${run.id}/train(1)`).metrics['learning-curve.training']!;
    expect(curve.map(([step]) => step).sort((a, b) => a - b)).toEqual(Array.from({ length: 1200 }, (_, at) => at + 1).filter((step) => step !== 3));
    expect(curve.find(([step]) => step === 100)![1]).toBe(0.1 + 0.01);
  });

  it('has the files, byte by byte', async () => {
    const { run } = await studio.latest();
    const folder = studio.rig.path('.pipewright/runs', run.id);
    const { artifacts } = runWith(run.id);
    expect(Object.keys(artifacts).sort()).toEqual(['judge/figures.json', 'make/note', 'params/story.txt', 'report.html', 'run/pipeline.json', 'run/run.json']);
    for (const [path, local] of [['report.html', 'report.html'], ['run/run.json', 'run.json'], ['run/pipeline.json', 'pipeline.json']] as const) expect(artifacts[path]).toBe(sha256(await readFile(`${folder}/${local}`)));
    expect(`sha256:${artifacts['judge/figures.json']}`).toBe(task('judge').outputs['figures']!.digest);
    expect(`sha256:${runWith(`${run.id}/train(0)`).artifacts['figures.json']}`).toBe(task('train(0)').outputs['figures']!.digest);
  });

  it('names its datasets so that MLflow finds their bytes', async () => {
    const { run } = await studio.latest();
    const { digest } = task('make').outputs['prices']!;
    const expected = { name: 'make.prices', digest: digest.slice(7, 39), bytes: digest.slice(7), schema: expect.stringContaining('"name": "close"') };
    // MLflow prints the schema as it was sent.
    const found = runWith(run.id).datasets.map((dataset) => ({ ...dataset, schema: dataset.schema.replaceAll('":"', '": "') }));
    expect(found).toEqual([{ ...expected, context: { 'mlflow.data.context': 'make', 'pipewright.digest': digest } }]);
    expect(runWith(`${run.id}/train(0)`).datasets[0]).toMatchObject({ name: 'make.prices', context: { 'mlflow.data.context': 'training' } });
    expect(runWith(run.id).tags['pipewright.dataset.make.prices']).toBe(digest);
  });

  it('has a logged model for each that was trained, which the chosen one shares', async () => {
    const { run } = await studio.latest();
    expect(back.models.map(({ name, status }) => [name, status]).sort()).toEqual([0, 1, 2].map((index) => [`train-${index}-model`, 'READY']));
    const second = back.models.find(({ name }) => name === 'train-1-model')!;
    expect(second.tags['pipewright.digest']).toBe(task('judge').outputs['best']!.digest);
    expect(Object.keys(second.files).sort()).toEqual(['MLmodel', 'model.json', 'weights.bin']);
    expect(second.files['weights.bin']).toBe(sha256(Buffer.alloc(100, 10)));
    expect(second.flavors).toEqual(['pipewright']);
    expect(runWith(run.id).outputs).toEqual([second.id]);
    expect(runWith(`${run.id}/train(1)`).outputs).toEqual([second.id]);
    expect(back.runs[second.source]!.name).toBe('train(1)');
  });

  it('mirrors the registry: versions, aliases, and which entry of the ledger spoke last', async () => {
    const registered = back.registry['small-study']!;
    expect(registered.aliases).toEqual({ challenger: '1', production: '2' });
    expect(registered.versions.map(({ version, tags }) => [version, tags['pipewright.version'], tags['pipewright.ledger_entry'], tags['pipewright.digest']]).sort()).toEqual([
      ['1', '1', '3', task('train(0)').outputs['model']!.digest],
      ['2', '2', '2', task('train(1)').outputs['model']!.digest],
    ]);
    expect(registered.versions.map(({ model }) => model).every((id) => back.models.some((model) => model.id === id))).toBe(true);
  });
});

describe('a second export', () => {
  it('sends nothing, and with --again makes nothing twice', async () => {
    expect((await studio.export(server.address)).stdout).toMatch(/is there already: .*\n.*2 versions, all there already\n/);
    const { code, stderr } = await studio.export(server.address, ['--again']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await studio.readBack(server.address, 'small-study')).toEqual(back);
  });

  it('follows an alias that moved', async () => {
    await openRegistry(await studio.store()).rollback('small-study', 'production', { expected: 2, reason: 'Errors since noon.' });
    expect((await studio.export(server.address)).stdout).toContain('production → 1');
    expect((await studio.readBack(server.address, 'small-study')).registry['small-study']!.aliases).toEqual({ challenger: '1', production: '1' });
  });

  it('leaves alone what somebody deleted there', async () => {
    const { run } = await studio.latest();
    const id = Object.entries(back.runs).find(([, { tags }]) => tags['pipewright.run_id'] === run.id)![0];
    await server.ask('runs/delete', { run_id: id });
    expect((await studio.export(server.address, ['--no-registry'])).stdout).toContain('was deleted on the server: left out');
    await server.ask('runs/restore', { run_id: id });
    expect((await studio.export(server.address, ['--no-registry'])).stdout).toContain('is there already');
  });

  it('says that an experiment was deleted, and how to go on', async () => {
    await server.ask('experiments/create', { name: 'gone' });
    const { experiment } = await server.ask<{ experiment: { experiment_id: string } }>('experiments/get-by-name?experiment_name=gone');
    await server.ask('experiments/delete', { experiment_id: experiment.experiment_id });
    const { code, stderr } = await studio.export(server.address, ['--experiment', 'gone']);
    expect(code).toBe(1);
    expect(stderr).toContain(`error PW906\n  The experiment "gone" was deleted on the MLflow server, which keeps its name.\n  → Bring it back with "mlflow experiments restore --experiment-id ${experiment.experiment_id}"`);
  });
});
