import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LATENCY_BUCKETS } from '../../serving/metrics.ts';
import { makeModel, MODEL_NAME, type SampleModel } from './support/models.ts';
import { folderOrigin, registryOrigin, start, type TestServer } from './support/server.ts';
import { makeRegistry, promoteModel, writeModel } from './support/stored.ts';

let model: SampleModel;
let server: TestServer;

beforeAll(async () => {
  model = makeModel();
  server = await start(folderOrigin(await writeModel(model)), { accessLog: true });
});
afterAll(() => server.drain('the test is over'));

/** Samples of a scrape by name and labels, as they are written. */
async function scrape(from: TestServer): Promise<ReadonlyMap<string, number>> {
  const lines = (await from.get('/metrics')).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

const ask = (to: TestServer, rows: number) => to.post(`/v2/models/${MODEL_NAME}/infer`, { id: 'trace-7', inputs: [{ name: 'features', shape: [rows, 19], datatype: 'FP64', data: [...model.rows.values.subarray(0, rows * 19)] }] });

describe('metrics', () => {
  it('count requests, inferences and predictions', async () => {
    await ask(server, 1);
    await ask(server, 5);
    await server.post(`/v2/models/${MODEL_NAME}/infer`, { inputs: [] });
    await server.get('/no/such/path');
    await server.get('/another/one');
    const samples = await scrape(server);
    const labels = `model="${MODEL_NAME}",version="1",role="folder"`;
    expect(samples.get(`pipewright_inference_duration_seconds_count{${labels},status="200"}`)).toBe(2);
    expect(samples.get(`pipewright_inference_duration_seconds_count{${labels},status="400"}`)).toBe(1);
    const up = [0, 0, 1, 2, 3, 4].filter((at) => model.predict(model.rows.values.subarray(at * 19, at * 19 + 19)) >= 0.5).length;
    expect(samples.get(`pipewright_predictions_total{${labels},direction="up"}`) ?? 0).toBe(up);
    expect(samples.get(`pipewright_predictions_total{${labels},direction="down"}`) ?? 0).toBe(6 - up);
    expect(samples.get('http_request_duration_seconds_count{method="POST",path="/v2/models/{model}/infer",status="200"}')).toBe(2);
    // Whatever paths are asked for, there is one label for all that are none.
    expect(samples.get('http_request_duration_seconds_count{method="GET",path="none",status="404"}')).toBe(2);
    expect([...samples.keys()].filter((key) => /^pipewright_model_info/.test(key))).toHaveLength(1);
    expect(samples.has('process_resident_memory_bytes')).toBe(true);
  });

  it('count every one of many requests', async () => {
    const count = async (): Promise<number> => (await scrape(server)).get('http_request_duration_seconds_count{method="GET",path="/v2",status="200"}') ?? 0;
    const before = await count();
    for (let at = 0; at < 30; at++) await Promise.all(Array.from({ length: 10 }, () => server.get('/v2')));
    expect(await count()).toBe(before + 300);
  });

  it('have 100 ms as an edge of its own, and edges below 5 ms', async () => {
    expect(LATENCY_BUCKETS).toContain(0.1);
    expect(LATENCY_BUCKETS.filter((edge) => edge < 0.005).length).toBeGreaterThan(2);
    expect([...LATENCY_BUCKETS].sort((a, b) => a - b)).toEqual(LATENCY_BUCKETS);
    const samples = await scrape(server);
    for (const name of ['http_request_duration_seconds', 'pipewright_inference_duration_seconds']) {
      expect([...samples.keys()].some((key) => key.startsWith(`${name}_bucket`) && key.includes('le="0.1"'))).toBe(true);
    }
  });

  it('keep only the last versions of a model', async () => {
    const registry = await makeRegistry();
    const models = Array.from({ length: 10 }, (_, seed) => makeModel({ seed, hiddenUnits: [] }));
    await promoteModel(registry, models[0]!);
    const swapping = await start(registryOrigin(registry.location));
    try {
      for (const each of models) {
        await promoteModel(registry, each);
        await swapping.refresh();
        await ask(swapping, 1);
      }
      const versions = [...(await scrape(swapping)).keys()].map((key) => /^pipewright_inference_duration_seconds_count\{.*version="(\d+)"/.exec(key)?.[1]).filter((version) => version !== undefined);
      expect(versions).toEqual(['3', '4', '5', '6', '7', '8', '9', '10']);
      expect([...(await scrape(swapping)).keys()].filter((key) => key.startsWith('pipewright_model_info'))).toEqual([expect.stringContaining('version="10"')]);
    } finally {
      await swapping.drain('the test is over');
    }
  });
});

describe('the access log', () => {
  it('has one line a request, and nothing that a client wrote but its id', async () => {
    const secret = 'hunter2';
    await server.get(`/v2?token=${secret}`, { headers: { authorization: `Bearer ${secret}` } });
    await server.get(`/${secret}`);
    await ask(server, 1);
    const lines = server.events.filter(({ event }) => event === 'request');
    expect(lines.at(-1)).toEqual({ time: expect.any(String), level: 'info', event: 'request', method: 'POST', path: '/v2/models/{model}/infer', status: 200, milliseconds: expect.any(Number), model: MODEL_NAME, version: '1', id: 'trace-7' });
    expect(lines.at(-2)).toMatchObject({ path: 'none', status: 404 });
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('is off by default', async () => {
    const quiet = await start(folderOrigin(await writeModel(model)));
    await quiet.get('/v2');
    await quiet.drain('the test is over');
    expect(quiet.events.map(({ event }) => event)).toEqual(['listening', 'model-loaded', 'draining', 'stopped']);
  });
});
