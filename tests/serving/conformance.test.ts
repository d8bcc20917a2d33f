import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERSION } from '../../serving/version.ts';
import { makeModel, MODEL_NAME, type SampleModel } from './support/models.ts';
import { folderOrigin, start, type TestServer } from './support/server.ts';
import { writeModel } from './support/stored.ts';
import packageJson from '../../package.json' with { type: 'json' };

let model: SampleModel;
let server: TestServer;

beforeAll(async () => {
  model = makeModel();
  server = await start(folderOrigin(await writeModel(model)));
});
afterAll(() => server.drain('the test is over'));

const V2 = `/v2/models/${MODEL_NAME}`;
const row = (at: number): number[] => [...model.rows.values.subarray(at * 19, (at + 1) * 19)];
const directionOf = (probability: number): string => (probability >= 0.5 ? 'up' : 'down');

describe('the table of endpoints', () => {
  const readyModel = { name: MODEL_NAME, ready: true, version: '1' };
  const table: [path: string, body: unknown][] = [
    ['/', { status: 'alive' }],
    ['/v1/models', { models: [MODEL_NAME] }],
    [`/v1/models/${MODEL_NAME}`, readyModel],
    ['/v2', { name: 'pipewright', version: VERSION, extensions: ['binary_tensor_data'] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true, models: [readyModel] }],
    [`${V2}/ready`, readyModel],
    [`${V2}/versions/1/ready`, readyModel],
  ];

  it.each(table)('GET %s', async (path, body) => {
    const answer = await server.get(path);
    expect(answer).toMatchObject({ status: 200, json: body });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.text)));
  });

  it('reports the release that package.json names', () => {
    expect(VERSION).toBe(packageJson.version);
  });

  it.each([V2, `${V2}/versions/1`, `${V2}/`, `${V2}?verbose=1`])('describes the model at %s', async (path) => {
    const { status, json } = await server.get(path);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      name: MODEL_NAME,
      versions: ['1'],
      platform: 'pipewright_dense',
      inputs: [
        { name: 'features', datatype: 'FP64', shape: [-1, 19] },
        { name: 'bars', datatype: 'FP64', shape: [-1, 5] },
        { name: 'date', datatype: 'BYTES', shape: [-1] },
      ],
      outputs: [
        { name: 'probability', datatype: 'FP64', shape: [-1] },
        { name: 'direction', datatype: 'BYTES', shape: [-1] },
      ],
      properties: { feature_names: model.document.featureSet.names.join(), required_bars: '304', date_required: 'true', feature_set: model.document.featureSet.hash },
    });
    expect(Object.values(json['properties'] as object).every((value) => typeof value === 'string')).toBe(true);
  });

  it('answers HEAD like GET, without the body', async () => {
    const { status, headers, text } = await server.get('/v2/health/ready', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers.get('content-length'))).toBeGreaterThan(10);
  });

  it('takes ":predict" with its colon encoded', async () => {
    expect(await server.post(`/v1/models/${MODEL_NAME}%3Apredict`, { instances: [row(0)] })).toMatchObject({ status: 200 });
  });
});

describe('V2 infer', () => {
  const features = (data: unknown, shape: number[], datatype = 'FP64') => ({ inputs: [{ name: 'features', shape, datatype, data }] });

  it.each([`${V2}/infer`, `${V2}/versions/1/infer`])('answers at %s', async (path) => {
    const probability = model.predict(row(0));
    expect(await server.post(path, features(row(0), [1, 19]))).toMatchObject({
      status: 200,
      json: {
        model_name: MODEL_NAME,
        model_version: '1',
        outputs: [
          { name: 'probability', datatype: 'FP64', shape: [1], data: [probability] },
          { name: 'direction', datatype: 'BYTES', shape: [1], data: [directionOf(probability)] },
        ],
      },
    });
  });

  it('takes rows flat or nested, and answers in their order', async () => {
    const rows = [3, 1, 4, 1, 5].map(row);
    const expected = rows.map((each) => model.predict(each));
    for (const data of [rows, rows.flat()]) {
      const { json } = await server.post(`${V2}/infer`, features(data, [5, 19]));
      expect(json['outputs']).toEqual([
        { name: 'probability', datatype: 'FP64', shape: [5], data: expected },
        { name: 'direction', datatype: 'BYTES', shape: [5], data: expected.map(directionOf) },
      ]);
    }
  });

  it('rounds FP32 to single precision, as the bytes of a float would', async () => {
    const { json } = await server.post(`${V2}/infer`, features(row(0), [1, 19], 'FP32'));
    expect(json).toMatchObject({ outputs: [{ data: [model.predict(row(0).map(Math.fround))] }, {}] });
  });

  it('takes one tensor per feature, in any order, [n] or [n, 1]', async () => {
    const names = model.document.featureSet.names;
    const inputs = names.map((name, at) => ({ name, datatype: 'FP64', ...(at % 2 === 0 ? { shape: [2], data: [row(0)[at], row(7)[at]] } : { shape: [2, 1], data: [[row(0)[at]], [row(7)[at]]] }) }));
    const { json } = await server.post(`${V2}/infer`, { inputs: inputs.reverse() });
    expect(json).toMatchObject({ outputs: [{ data: [model.predict(row(0)), model.predict(row(7))] }, {}] });
  });

  it('sends id and parameters back', async () => {
    const parameters = { trace: 'a-1', priority: 3, dry: false };
    const { json } = await server.post(`${V2}/infer`, { ...features(row(0), [1, 19]), id: 'quote " and é', parameters: { ...parameters, binary_data_output: false } });
    expect(json).toMatchObject({ id: 'quote " and é', parameters });
    expect(json['parameters']).not.toHaveProperty('binary_data_output');
    const plain = await server.post(`${V2}/infer`, features(row(0), [1, 19]));
    expect(plain.json).not.toHaveProperty('id');
    expect(plain.json).not.toHaveProperty('parameters');
  });

  it('gives the outputs that are asked for, in that order', async () => {
    const ask = async (outputs: unknown) => ((await server.post(`${V2}/infer`, { ...features(row(0), [1, 19]), outputs })).json['outputs'] as { name: string }[]).map(({ name }) => name);
    expect(await ask([{ name: 'direction' }])).toEqual(['direction']);
    expect(await ask([{ name: 'direction' }, { name: 'probability' }])).toEqual(['direction', 'probability']);
    expect(await ask([])).toEqual(['probability', 'direction']);
  });

  it('takes a body without Content-Type, as tritonclient sends it', async () => {
    const answer = await server.post(`${V2}/infer`, Buffer.from(JSON.stringify(features(row(0), [1, 19]))), {});
    expect(answer.status).toBe(200);
  });
});

describe('V1 predict', () => {
  const predict = async (instances: unknown) => server.post(`/v1/models/${MODEL_NAME}:predict`, { instances });

  it('takes lists and objects by feature name, mixed', async () => {
    const named = Object.fromEntries(model.document.featureSet.names.map((name, at) => [name, row(2)[at]]));
    const expected = [0, 2].map((at) => model.predict(row(at))).map((probability) => ({ probability, direction: directionOf(probability) }));
    expect(await predict([row(0), named])).toMatchObject({ status: 200, json: { model_name: MODEL_NAME, model_version: '1', predictions: expected } });
  });

  it('answers many instances in their order', async () => {
    const instances = Array.from({ length: 97 }, (_, at) => row((at * 31) % 97));
    const { json } = await predict(instances);
    expect((json['predictions'] as { probability: number }[]).map(({ probability }) => probability)).toEqual(instances.map((each) => model.predict(each)));
  });
});
