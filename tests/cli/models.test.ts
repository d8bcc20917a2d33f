import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '../../registry/index.ts';
import { openDirectoryStore, putArtifact } from '../../store/index.ts';
import { makeModel, MODEL_NAME } from '../serving/support/models.ts';
import { Rig, settle } from './rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.create({ 'one/model': 'first', 'two/model': 'second' });
  const store = await openDirectoryStore(rig.path('.pipewright/store'));
  const registry = openRegistry(store);
  for (const folder of ['one', 'two']) await registry.registerVersion('forecast', { artifact: await putArtifact(store, rig.path(folder)) });
});
afterAll(() => rig.remove());

describe('pipewright models', () => {
  it('promotes, rolls back, and shows the ledger', async () => {
    await rig.ask('models', 'promote', 'forecast', '1', '--reason', 'The first one');
    const moved = settle(await rig.ask('models', 'promote', 'forecast', '2', '--expect', '1', '--reason', 'Better in March'));
    expect(moved.split('\n')[1]).toBe('    2  <time>  production  1 → 2  manual    by hand  Better in March');
    await rig.ask('models', 'rollback', 'forecast', '--reason', 'Errors since noon');
    const rows = settle(await rig.ask('models', 'ledger', 'forecast')).split('\n').slice(1, 4).map((line) => line.trim().replaceAll(/ {2,}/g, ' | '));
    expect(rows).toEqual(['1 | <time> | production | → 1 | manual | by hand | The first one', '2 | <time> | production | 1 → 2 | manual | by hand | Better in March', '3 | <time> | production | 2 → 1 | rollback | by hand | Errors since noon']);
    expect(await rig.ask('models', 'ledger', 'forecast')).toMatch(/The chain of 3 entries is sound; its head is [0-9a-f]{12}\.\n$/);
  });

  it('lists models, versions and aliases, now and at a time', async () => {
    expect(await rig.ask('models', 'list')).toMatch(/forecast +2 versions, newest 2 +production → 1/);
    expect(await rig.ask('models', 'versions', 'forecast')).toMatch(/ 2 .*\n +1 .*production\n$/);
    expect(settle(await rig.ask('models', 'aliases', 'forecast'))).toMatch(/production +1 +<time> +rollback +Errors since noon/);
    expect(await rig.ask('models', 'aliases', 'forecast', '--at', '2001-01-01')).toContain('nowhere');
  });

  it('refuses a move that somebody else was faster with', async () => {
    const { code, stderr } = await rig.call('models', 'promote', 'forecast', '2', '--expect', '2', '--reason', 'Late');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error PW411\n {2}The alias production of forecast points to version 1, not to version 2: entry 3 of the ledger put it there/);
  });
});

describe('pipewright models card', () => {
  it('prints the card of a version from its files and the verdict that the ledger names', async () => {
    const store = await openDirectoryStore(rig.path('.pipewright/store'));
    const registry = openRegistry(store);
    await mkdir(rig.path('carded'));
    for (const [name, bytes] of Object.entries(makeModel().files)) await writeFile(rig.path('carded', name), bytes);
    const artifact = await putArtifact(store, rig.path('carded'));
    const { version } = await registry.registerVersion('carded', { artifact });
    const figures = { accuracy: { kind: 'measured', value: 0.53, interval: { lower: 0.5, upper: 0.56 }, standardError: 0.015 } };
    const verdict = {
      format: 'pipewright/verdict/1', decision: 'promote', reason: 'Good enough.', model: artifact.digest, champion: null, candidates: [1, 2], judged: { from: '2019-01-02', to: '2019-12-31', days: 252 },
      baseRate: 0.53, costBasisPoints: 2, forecasts: [{ name: 'chosen model', figures }], strategies: [],
    };
    const { digest: evidence } = await store.putObject(Buffer.from(JSON.stringify(verdict)));
    await registry.promote('carded', { version, alias: 'production', expected: undefined, decision: 'promote', reason: 'Good enough.', evidence, run: 'gone' });
    const text = await rig.ask('models', 'card', 'carded', '1');
    expect(text).toMatch(/^# Model card: stock-direction version 1\n/);
    expect(text).toContain('| chosen model | 0.5300 (0.5000 to 0.5600) |');
    expect(JSON.parse(await rig.ask('models', 'card', 'carded', '1', '--json'))).toMatchObject({ model: { version: 1, digest: artifact.digest }, judgement: { candidates: 2, reason: 'Good enough.' }, code: null });
  });

  it('says why of something else there is none', async () => {
    const { code, stderr } = await rig.call('models', 'card', 'forecast', '1');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error PW507\n {2}Of version 1 of forecast no card can be made\. A model has the files model\.json/) as string });
  });
});

describe('pipewright serve', () => {
  it('serves a folder and prints requests that work as they are', async () => {
    await mkdir(rig.path('model'));
    for (const [name, bytes] of Object.entries(makeModel().files)) await writeFile(rig.path('model', name), bytes);
    const server = rig.start(['serve', '--model-folder', 'model', '--port', '0', '--poll', '0']);
    try {
      await server.until(':predict');
      const told = server.told();
      const [v2, v1] = [...told.matchAll(/^ {2}(curl .*)$/gm)].map((match) => match[1]!);
      const expected = Number(/the answer is ([\d.]+):/.exec(told)![1]);
      const answers = [v2, v1].map((line) => JSON.parse(execFileSync('sh', ['-c', line!], { encoding: 'utf8' })) as { outputs?: { data: number[] }[]; predictions?: { probability: number }[] });
      expect(answers[0]!.outputs![0]!.data[0]).toBeCloseTo(expected, 5);
      expect(answers[1]!.predictions![0]!.probability).toBeCloseTo(expected, 5);
      expect(v2).toContain(`/v2/models/${MODEL_NAME}/infer`);
    } finally {
      server.signal('SIGTERM');
    }
    expect((await server.ended).code).toBe(0);
  });

  it('asks which model where there are none', async () => {
    const { code, stderr } = await rig.call('serve', '--folder', 'nowhere');
    expect({ code, stderr }).toEqual({ code: 1, stderr: `error PW602\n  No model is registered in ${rig.path('nowhere/store')}.\n  → Run the pipeline that trains one first: npm start. Or serve a folder with --model-folder.\n` });
  });
});
