import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFeatureSet, latestFeatureRow } from '../../model/features/index.ts';
import { makeFolder } from '../serving/support/folders.ts';
import { makeModel, MODEL_NAME, SAMPLE_BARS } from '../serving/support/models.ts';
import { folderOrigin, start, type TestServer } from '../serving/support/server.ts';
import { writeModel } from '../serving/support/stored.ts';

/*
 * The clients of Triton and KServe, unchanged, against the server. They are Python packages; where they are not
 * installed, there is nothing to test.
 */
const PYTHON = process.env['PIPEWRIGHT_SERVING_PYTHON'] ?? 'python3';
const VERSIONS = 'from importlib.metadata import version; import tritonclient.http, kserve; print(version("tritonclient"), version("kserve"))';
const probe = spawnSync(PYTHON, ['-c', VERSIONS], { encoding: 'utf8' });
const isInstalled = probe.status === 0;

if (!isInstalled) {
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1);
  console.warn(
    `\nSKIPPED: the Python clients of Triton and KServe were not tested: ${reason}.\nTo test them: python3 -m venv clients && clients/bin/pip install 'tritonclient[http]' kserve && ` +
      'PIPEWRIGHT_SERVING_PYTHON=clients/bin/python npx vitest run --config vitest.rig.config.ts tests/rig/serving-clients.test.ts\n',
  );
}

interface Case {
  readonly client: string;
  readonly case: string;
  readonly ok: boolean;
  readonly answer: unknown;
}

describe.skipIf(!isInstalled)(`foreign clients (tritonclient, kserve: ${isInstalled ? probe.stdout.trim() : 'not installed'})`, () => {
  const model = makeModel();
  const row = model.rows.values.subarray(0, 19);
  let server: TestServer;
  let cases: readonly Case[];

  beforeAll(async () => {
    server = await start(folderOrigin(await writeModel(model)));
    const questions = join(await makeFolder('clients'), 'questions.json');
    const { date, open, high, low, close, volume } = SAMPLE_BARS;
    await writeFile(questions, JSON.stringify({ row: [...row], bars: date.map((_, at) => [open[at], high[at], low[at], close[at], volume[at]]), dates: date }));
    const script = fileURLToPath(new URL('serving-clients.py', import.meta.url));
    const { stdout } = await promisify(execFile)(PYTHON, [script, server.url, MODEL_NAME, questions], { timeout: 120_000 });
    cases = stdout.trim().split('\n').map((line) => JSON.parse(line) as Case);
  });
  afterAll(() => server.drain('the test is over'));

  const answered = (word: RegExp): Case[] => cases.filter((each) => word.test(each.case));
  const answerTo = (features: ArrayLike<number>) => {
    const probability = model.predict(features);
    return { probability, direction: probability >= 0.5 ? 'up' : 'down' };
  };

  it('every case works', () => {
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
    expect(cases.length).toBe(37);
    expect(new Set(cases.map(({ client }) => client))).toEqual(new Set(['tritonclient', 'tritonclient.http.aio', 'kserve V2', 'kserve V1']));
  });

  it('health and readiness are read as they are meant', () => {
    for (const { case: what, answer } of answered(/^(live|ready|model ready)/)) expect(answer, what).toBe(!/unknown/.test(what));
  });

  it('a row of features has the probability of the model, whatever the encoding', () => {
    const rows = answered(/infer|predict/).filter((each) => !/bars|FP32|come back/.test(each.case));
    expect(rows.length).toBeGreaterThan(11);
    for (const { client, case: what, answer } of rows) expect(answer, `${client}: ${what}`).toMatchObject(answerTo(row));
    expect(answered(/FP32/)[0]!.answer).toEqual(answerTo(row.map(Math.fround)));
  });

  it('a window of bars has the probability of its features', () => {
    const windows = answered(/bars/);
    expect(windows).toHaveLength(4);
    for (const { client, case: what, answer } of windows) expect(answer, `${client}: ${what}`).toMatchObject(answerTo(latestFeatureRow(SAMPLE_BARS, defaultFeatureSet)));
  });

  it('id and parameters come back', () => {
    expect(answered(/come back/)[0]!.answer).toEqual({ id: 'a-1', parameters: { trace: 'x' } });
  });

  it('a refusal reaches the caller with its status and its words', () => {
    const refusals = answered(/^refusal/);
    expect(refusals).toHaveLength(6);
    for (const { client, case: what, answer } of refusals) {
      const { status, message } = answer as { status: string | number; message: string };
      expect(Number(status), `${client}: ${what}`).toBe(/wrong shape/.test(what) ? 400 : 404);
      expect(message).toMatch(/takes \[?\w+|There is no model/);
    }
  });
});
