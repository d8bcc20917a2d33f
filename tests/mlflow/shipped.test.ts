import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MlflowServer } from './server.ts';
import { Studio, type ReadBack } from './studio.ts';

/* The shipped pipeline, really run on the S&P 500 with two candidates, and exported right after the run. */

const PIPELINE = fileURLToPath(new URL('../../pipeline/pipeline.ts', import.meta.url));
const CANDIDATES = [{ architecture: 'logistic', learningRate: 0.003, l2: 0.03 }, { architecture: 'neural-network', hiddenLayers: [8], learningRate: 0.001, l2: 0.01, dropout: 0.2 }];
let server: MlflowServer;
let studio: Studio;
let back: ReadBack;
beforeAll(async () => {
  studio = await Studio.create();
  server = await MlflowServer.start();
  await studio.rig.write('few.json', JSON.stringify({ candidates: CANDIDATES }));
  const { code, stderr } = await studio.rig.call('run', PIPELINE, '--param-file', 'few.json', '--mlflow', server.address);
  expect(stderr).toMatch(/^\S+ {2}sent: .*2 runs below it: /m);
  expect(code).toBe(0);
  back = await studio.readBack(server.address, 'stock-direction');
});
afterAll(async () => {
  await server?.remove();
  await studio?.rig.remove();
});

describe('the shipped pipeline on an MLflow server', () => {
  it('has its figures as runs list has them', async () => {
    const [listed] = JSON.parse(await studio.rig.ask('runs', '--format', 'json')) as readonly { readonly id: string; readonly metrics: Readonly<Record<string, number>> }[];
    const parent = Object.values(back.runs).find(({ tags }) => tags['pipewright.run_id'] === listed!.id)!;
    const own = Object.entries(listed!.metrics).filter(([name]) => !name.startsWith('train('));
    expect(own.length).toBeGreaterThan(20);
    for (const [name, value] of own) expect([name, parent.metrics[name]?.[0]?.[1]]).toEqual([name, value]);
    expect(parent.artifacts).toHaveProperty('report.html');
    expect(existsSync(join(studio.rig.path('.pipewright/runs'), listed!.id, 'report.html'))).toBe(true);
  });
  it('has a run for each candidate, with its learning curve', () => {
    const candidates = Object.values(back.runs).filter(({ tags }) => tags['mlflow.parentRunId'] !== undefined);
    expect(candidates.map(({ params }) => params['candidate.architecture']).sort()).toEqual(['logistic', 'neural-network']);
    for (const { metrics } of candidates) expect(metrics['learning-curve.validation']!.length).toBeGreaterThan(3);
    expect(back.models.length).toBeGreaterThanOrEqual(2);
  });
});
