import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MlflowClient } from '../../../cli/mlflow/client.ts';
import { exportThese } from '../../../cli/mlflow/export-runs.ts';
import { openTransport } from '../../../cli/mlflow/transport.ts';
import type { PipewrightError } from '../../../dsl/errors/index.ts';
import { openRegistry } from '../../../registry/index.ts';
import { openStore, type Store } from '../../../store/index.ts';

/* A server that answers 200 with JSON of its own, as another kind of server does, or a gateway in front of one. */

let server: Server;
let client: MlflowClient;
let address: string;
/** By the end of the path; everything else is answered with `{}`. */
let answers: Readonly<Record<string, string>>;
let status: number;
let requests: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    const path = request.url!.split('?')[0]!;
    response.writeHead(status).end(Object.entries(answers).find(([end]) => path.endsWith(end))?.[1] ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  client = new MlflowClient(openTransport({ address }, { attempts: 2, firstWaitMs: 1, longestWaitMs: 1, answerMs: 20_000 }));
});
beforeEach(() => {
  requests = 0;
  status = 200;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const TAG = { key: 'k', value: 'v' };
const CALLS = {
  experiment: () => client.needExperiment('e'),
  runs: () => client.findRuns('1', 'k', 'ACTIVE_ONLY'),
  run: () => client.needRun('1', 'k', { run_name: 'r', start_time: 0, tags: [] }),
  loggedModel: () => client.needLoggedModel('1', TAG, {}),
  output: () => client.linkOutput('r', 'm'),
  registered: () => client.needRegisteredModel('m', { description: '', tags: [] }),
  versions: () => client.listModelVersions('m'),
  version: () => client.needModelVersion('m', TAG, {}),
};

async function answerTo(call: keyof typeof CALLS, given: Readonly<Record<string, string>>): Promise<string> {
  answers = given;
  const error = await CALLS[call]().then(() => new Error('nothing is refused'), (cause: unknown) => cause as PipewrightError);
  return 'code' in error ? `${error.code} ${error.issues[0]!.message}` : String(error);
}

describe('a server that is no MLflow server, though it answers in JSON', () => {
  it.each([
    ['experiment', {}, 'GET /api/2.0/mlflow/experiments/get-by-name gave 200 and "{}", where experiment is'],
    ['experiment', { 'get-by-name': '{"experiment": null}' }, 'where experiment is'],
    ['experiment', { 'get-by-name': '{"experiment": {"experiment_id": 1}}' }, 'where experiment.experiment_id is'],
    ['runs', { search: '{"runs": "none"}' }, 'where runs is'],
    ['runs', { search: '{"runs": [null]}' }, 'where runs[0] is'],
    ['runs', { search: '{"runs": [{"info": {"run_id": "r", "artifact_uri": "a"}}, {"info": {}}]}' }, 'where runs[1].info.run_id is'],
    ['runs', { search: '{"runs": [{"info": {"run_id": "r", "artifact_uri": "a"}, "data": {"tags": {}}}]}' }, 'where runs[0].data.tags is'],
    ['run', {}, 'POST /api/2.0/mlflow/runs/create gave 200 and "{}", where run is'],
    ['run', { create: '{"run": {"info": {"run_id": "r"}}}' }, 'where run.info.artifact_uri is'],
    ['loggedModel', {}, 'POST /api/2.0/mlflow/logged-models gave 200 and "{}", where model is'],
    ['loggedModel', { search: '{"models": [{}]}' }, 'where models[0].info is'],
    ['loggedModel', { 'logged-models': '{"model": {"info": {"model_id": "m", "artifact_uri": "a", "status": "s", "creation_timestamp_ms": 1e99}}}' }, 'where model.info.creation_timestamp_ms is'],
    ['output', {}, 'where run is'],
    ['output', { get: '{"run": {"info": {"run_id": "r", "artifact_uri": "a"}, "outputs": {"model_outputs": [1]}}}' }, 'where run.outputs.model_outputs[0] is'],
    ['registered', {}, 'where registered_model is'],
    ['registered', { get: '{"registered_model": {"aliases": [{"alias": "a"}]}}' }, 'where registered_model.aliases[0].version is'],
    ['versions', { search: '{"model_versions": {}}' }, 'where model_versions is'],
    ['versions', { search: '{"next_page_token": 3}' }, 'where next_page_token is'],
    ['version', {}, 'where model_version is'],
  ] as const)('%s: %j', async (call, given, expected) => {
    expect(await answerTo(call, given)).toMatch(new RegExp(`^PW906 ${address} does not answer as an MLflow server: .*${expected.replaceAll(/[[\]{}.]/g, '\\$&')} missing or of another type\\.$`));
  });

  it('is not asked for the same page for ever', async () => {
    answers = { search: '{"model_versions": [], "next_page_token": "again"}' };
    expect(await client.listModelVersions('m')).toEqual([]);
    expect(requests).toBe(2);
  });

  it('may leave out what a run need not have, and lists that are empty', async () => {
    answers = { search: '{}', create: '{"run": {"info": {"run_id": "r", "artifact_uri": "a"}, "data": null}}' };
    expect((await client.needRun('1', 'k', { run_name: 'r', start_time: 0, tags: [] })).info.run_id).toBe('r');
  });
});

describe('words of a server that hold commands to a terminal', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipewright-mlflow-'));
    store = await openStore(join(folder, 'store'));
    await openRegistry(store).registerVersion('m', { artifact: { type: 'directory', ...(await store.putObject('{"files":[]}')), files: 0 } });
  });
  afterAll(() => rm(folder, { recursive: true }));
  const lines: string[] = [];
  const mirror = (): Promise<number> => exportThese([], { settings: { address }, store, folder, datasets: false, registry: true, again: false, attempts: 1, tell: (line) => void lines.push(line) });

  it('are printed without them', async () => {
    answers = {
      'experiments/get-by-name': '{"experiment": {"experiment_id": "1"}}', 'registered-models/get': '{"registered_model": {}}',
      'logged-models/search': '{"models": [{"info": {"model_id": "l", "artifact_uri": "a", "status": "LOGGED_MODEL_READY", "creation_timestamp_ms": 1}}]}',
      'model-versions/search': JSON.stringify({ model_versions: [{ version: '7\u001b[2J\r', tags: [{ key: 'pipewright.version', value: '1' }] }] }),
    };
    expect(await mirror()).toBe(0);
    expect(lines).toEqual(['model m  1 version, all there already', '  MLflow counts versions itself: m 1 is 7  there. The tag pipewright.version has the number.']);
  });

  it('nor are they in the words of a refusal', async () => {
    [status, answers] = [400, { '': JSON.stringify({ error_code: 'BAD\u001b[31m', message: 'no\u001b[2J such \u009bname.\nmore' }) }];
    const error = (await mirror().catch((cause: unknown) => cause)) as PipewrightError;
    expect(`${error.code} ${error.issues[0]!.message}`).toBe(`PW906 The MLflow server ${address} refuses (BAD): no such  name.`);
  });
});
